using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The end of a process with Python in it: each scenario in a separate process.</summary>
public sealed class ProcessEndTests
{
    [Theory]
    [InlineData("returns", 0)]
    [InlineData("returns-undisposed", 0)]
    [InlineData("returns-owned-thread", 0)]
    [InlineData("returns-owned-thread-undisposed", 0)]
    [InlineData("work-in-flight", 0)]
    [InlineData("work-outlives-python", 0)]
    [InlineData("exit-elsewhere", 5)]
    [InlineData("app-work-in-flight", 0)]
    [InlineData("app-exit", 6)]
    [InlineData("app-finalizes-too-early", 0)]
    [InlineData("app-finalizes-with-memory", 0)]
    [InlineData("host-work-in-flight", 0)]
    [InlineData("main-thread-host-work-in-flight", 0)]
    [InlineData("host-time-is-up", 0)]
    [InlineData("attached-without-end", 0)]
    public async Task Process_Ends_CleanlyAndInTime(string scenario, int exitCode)
    {
        (int code, string output, string errors) = await Child(scenario);

        errors.ShouldBeEmpty();
        code.ShouldBe(exitCode, output);
        output.ShouldContain("ran");
        output.ShouldContain("atexit");
    }

    /// <summary>Python is finalised only on its main thread. If that is the application's and has ended, the exit functions that programs rely on run all the same.</summary>
    [Theory]
    [InlineData("app-finalizes", 0, true)]
    [InlineData("app-does-not-finalize", 0, false)]
    [InlineData("app-exits-and-would-finalize", 8, false)]
    [InlineData("entry-point", 0, true)]
    [InlineData("entry-point-fails", 9, true)]
    [InlineData("entry-point-with-another-runtime", 0, false)]
    [InlineData("own-thread", 0, true)]
    public async Task Process_Ends_WithEachStageOfPythonsEnd(string scenario, int exitCode, bool finalises)
    {
        string file = Path.GetTempFileName();
        try
        {
            (int code, string output, string errors) = await ChildProcess.Run([scenario], new Dictionary<string, string?> { ["PYASYNC_TEST_FILE"] = file });

            errors.ShouldBeEmpty();
            code.ShouldBe(exitCode, output);
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string[] expected = ["ran", "thread", "atexit", "weakref"];
            expected.ShouldAllBe(line => lines.Count(other => other == line) == 1, output);
            lines.Count(static line => line == "finalised").ShouldBe(finalises ? 1 : 0, output);
            Directory.Exists(lines[0]).ShouldBeFalse("a TemporaryDirectory is removed");
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("kept in the file's buffer");
            (await File.ReadAllTextAsync(file + "2", TestContext.Current.CancellationToken)).ShouldBe("binary");
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + "2");
        }
    }

    [Fact]
    public async Task Process_EndsWithWorkInFlight_TwentyTimes()
    {
        for (int i = 0; i < Repetitions.Of(20); i++)
        {
            (int code, string output, string errors) = await Child("work-in-flight");
            errors.ShouldBeEmpty();
            (code, output.Contains("atexit")).ShouldBe((0, true));
        }
    }

    private static Task<(int Code, string Output, string Errors)> Child(string scenario) => ChildProcess.Run([scenario]);
}
