using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Both libraries in one process: either starts Python, either ends first. Each scenario in a separate process.</summary>
public sealed class LifetimeTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    private const string Waiting = "gil-not-given-up";

    // The process waits for ten seconds, so it starts with the first of the others.
    private static readonly Lazy<Task<(int Code, string Output, string Errors)>> s_waiting = new(static () => Start(Waiting));

    /// <summary>Python's exit functions run if PyAsync started Python: pythonnet alone does not run them.</summary>
    [Theory]
    [InlineData("pyasync-first", "49 21 3 atexit")]
    [InlineData("pyasync-first-without-the-adapter", "2 3")]
    [InlineData("pyasync-first-nothing-disposed", "49 21 3 atexit")]
    [InlineData("pyasync-first-pythonnet-ends-first", "49 21 3 49 atexit")]
    [InlineData("pyasync-first-pyasync-ends-first", "49 21 3 3 atexit")]
    [InlineData("pythonnet-first", "21")]
    [InlineData("pythonnet-first-pythonnet-ends-first", "49 21 3 21 49")]
    [InlineData("pythonnet-first-pyasync-ends-first", "49 21 3 3")]
    [InlineData("pythonnet-first-nothing-disposed", "49 21 3")]
    [InlineData("pythonnet-ends-while-the-loop-is-busy", "49 21 3 True 49 atexit")]
    public async Task Process_EndsInGoodOrder(string scenario, string expected)
    {
        (int code, string output, string errors) = await Child(scenario);

        errors.ShouldBeEmpty();
        (code, string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).ShouldBe((0, expected));
    }

    [Theory]
    [InlineData("pyasync-first-nothing-disposed")]
    [InlineData("pythonnet-first-nothing-disposed")]
    public async Task Process_WithWorkInFlight_EndsInGoodOrder_TenTimes(string scenario)
    {
        for (int i = 0; i < Repetitions.Of(10); i++)
        {
            (int code, _, string errors) = await Child(scenario);
            errors.ShouldBeEmpty();
            code.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData("conversions-after-the-end", "InvalidOperationException: pythonnet is not initialised, or has been shut down. Call PythonEngine.Initialize()")]
    [InlineData(Waiting, "InvalidOperationException: Python runs in this process already, and its GIL has not been free for 10 seconds")]
    [InlineData("nothing-started", "InvalidOperationException: Python is not running yet. Call PythonEngine.Initialize(), or start a runtime")]
    [InlineData("pythonnet-not-initialised", "InvalidOperationException: pythonnet is not initialised, or has been shut down. Call PythonEngine.Initialize()")]
    public async Task Misuse_ThrowsAMessageWithTheRemedy(string scenario, string message)
    {
        (int code, string output, string errors) = await Child(scenario);

        errors.ShouldBeEmpty();
        code.ShouldBe(0, output);
        output.ShouldContain(message);
        output.ShouldNotContain("nothing was thrown");
    }

    private static Task<(int Code, string Output, string Errors)> Child(string scenario)
    {
        Task<(int Code, string Output, string Errors)> waiting = s_waiting.Value;
        return scenario == Waiting ? waiting : Start(scenario);
    }

    private static Task<(int Code, string Output, string Errors)> Start(string scenario)
    {
        // Inherited: PyAsync finds Python automatically, but pythonnet needs the setting.
        Environment.SetEnvironmentVariable("PYTHONNET_PYDLL", PythonInterpreter.Current.Installation.LibraryPath);
        return ChildProcess.Run([scenario]);
    }
}
