using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>How a process ends that has Python in it: each scenario in a process of its own.</summary>
public sealed class ProcessEndTests
{
    [Theory]
    [InlineData("returns", 0, true)]
    [InlineData("returns-undisposed", 0, true)]
    [InlineData("returns-owned-thread", 0, true)]
    [InlineData("returns-owned-thread-undisposed", 0, true)]
    [InlineData("work-in-flight", 0, true)]
    [InlineData("work-outlives-python", 0, true)]
    [InlineData("exit-elsewhere", 5, true)]
    [InlineData("app-work-in-flight", 0, true)]
    [InlineData("app-exit", 6, true)]
    [InlineData("host-work-in-flight", 0, true)]
    [InlineData("main-thread-host-work-in-flight", 0, true)]
    [InlineData("attached-for-ever", 0, false)]
    public async Task Process_Ends_CleanlyAndInTime(string scenario, int exitCode, bool finalises)
    {
        (int code, string output, string errors) = await Child(scenario);

        errors.ShouldBeEmpty();
        code.ShouldBe(exitCode);
        output.ShouldContain("ran");
        output.Contains("atexit").ShouldBe(finalises, output);
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
