
namespace PyAsync.Tests;

/// <summary>The event loop that a run of the suite is over: the variable <c>PYASYNC_TEST_LOOP</c> names it.</summary>
internal static class TestLoops
{
    public static string Name => Environment.GetEnvironmentVariable("PYASYNC_TEST_LOOP") is { Length: > 0 } name ? name : "asyncio";

    public static EventLoopFactory Create() => Name switch
    {
        "asyncio" => new AsyncioLoopFactory(),
        "uvloop" => new UvloopFactory(),
        "noreader" => new NoReaderLoopFactory(),
        var other => throw new ArgumentException($"PYASYNC_TEST_LOOP is \"{other}\": asyncio, uvloop and noreader are known."),
    };
}
