using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>A backend, an event loop, and whether asyncio's debug mode is on.</summary>
internal sealed record Combination(string Backend, string Loop, bool Debug)
{
    /// <summary>More than any work here takes to answer a cancellation, on a busy machine.</summary>
    public static TimeSpan ShutdownTimeout { get; } = TimeSpan.FromSeconds(30);

    private static string[] Backends { get; } = ["ThreadPool", "DedicatedThread", "LoopThread"];

    /// <summary>
    /// The loops that the Python has which runs. Not uvloop on a debug build: it is compiled for an ordinary one, and counts references without their total,
    /// which would drift. Needs a started interpreter.
    /// </summary>
    public static string[] FindLoops()
    {
        using PyObject find = PyObject.ImportSource("""
            import sys

            def imports(name):
                try:
                    __import__(name)
                except ImportError:
                    return False
                return not hasattr(sys, "gettotalrefcount")
            """);
        return find.CallMethod<bool>("imports", [UvloopFactory.Package]) ? ["asyncio", "uvloop"] : ["asyncio"];
    }

    public static Combination Choose(Random random, string[] loops) =>
        new(Backends[random.Next(Backends.Length)], loops[random.Next(loops.Length)], random.Next(8) == 0);

    /// <summary>The first rounds, in which each loop and debug mode imports its modules.</summary>
    public static IEnumerable<Combination> Each(string[] loops) =>
        from loop in loops
        from debug in (bool[])[false, true]
        from backend in Backends
        select new Combination(backend, loop, debug);

    public EventLoopFactory CreateLoop() => Loop switch
    {
        "asyncio" => new AsyncioLoopFactory(),
        "uvloop" => new UvloopFactory(),
        _ => throw new ArgumentException($"{Loop} is no event loop: asyncio and uvloop are known."),
    };

    public IRuntime CreateRuntime(ILoggerFactory loggers) => PyAsyncRuntime.Create(
        Backend switch
        {
            "ThreadPool" => new ThreadPoolBackend(),
            "DedicatedThread" => new DedicatedThreadBackend(),
            "LoopThread" => new LoopThreadBackend(),
            _ => throw new ArgumentException($"{Backend} is no backend: {string.Join(", ", Backends)} are known."),
        },
        new PyAsyncOptions { Debug = Debug, ShutdownTimeout = ShutdownTimeout },
        CreateLoop(),
        loggers);

    public override string ToString() => $"{Backend}/{Loop}{(Debug ? "/debug" : "")}";
}
