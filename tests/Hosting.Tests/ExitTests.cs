using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary><c>Environment.Exit</c> on threads that Python waits for, and Python objects while the process ends: each in a separate process.</summary>
public sealed class ExitTests
{
    private static readonly string[] s_bootstraps = ["runtime", "started", "app", "main"];
    private static readonly string[] s_places = ["loop", "python", "coroutine", "lane", "dedicated", "attached", "executor", "python-thread", "daemon"];

    public static TheoryData<string, string> Exits() => ExitsOf(s_bootstraps);

    /// <summary>Gets each of these ways to start, with each place; in a shorter run with every other place, in turn.</summary>
    internal static TheoryData<string, string> ExitsOf(string[] bootstraps)
    {
        int step = Repetitions.Of(2) == 2 ? 1 : 2;
        return new(
            from i in Enumerable.Range(0, bootstraps.Length)
            from j in Enumerable.Range(0, s_places.Length)
            where (i + j) % step == 0
            select (bootstraps[i], s_places[j]));
    }

    [Theory]
    [MemberData(nameof(Exits))]
    public Task Exit_WhereverCSharpRuns_RunsPythonsExitFunctions(string bootstrap, string place) => RunsPythonsExitFunctions(bootstrap, place);

    /// <summary>A thread that waits for the one that calls <c>Environment.Exit</c> may never end: the log names it, and the exit functions run.</summary>
    [Fact]
    public Task Exit_OnAThreadThatAnotherOneJoins_RunsPythonsExitFunctions() => RunsPythonsExitFunctions("app", "joined-thread", late: "joiner");

    /// <summary>As CPython does: it reports the failure, and continues.</summary>
    [Fact]
    public Task Exit_WithAStepThatFails_RunsPythonsExitFunctions() => RunsPythonsExitFunctions("app", "failing-steps", failure: "PyAsync: while the process was ending: ValueError: bang");

    internal static async Task RunsPythonsExitFunctions(string bootstrap, string place, string? late = null, string? failure = null)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["exit", bootstrap, place]);

        if (failure is not null)
        {
            errors.ShouldContain(failure);
        }
        else if (late is null || errors.Length > 0)
        {
            errors.ShouldBeText(late is null ? "" : $"PyAsync: the process ends without waiting longer for these Python threads: {late}\n");
        }

        code.ShouldBe(ExitScenarios.Code, output);
        string[] lines = output.Split('\n');
        lines.Count(static line => line is "buffered" or "thread" or "atexit" or "finalize").ShouldBe(4, output);
        string file = lines.Single(static line => line.StartsWith("file ", StringComparison.Ordinal))["file ".Length..];
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe("written");
        File.Delete(file);
    }

    [Fact]
    public async Task Exit_OnTheLoop_TwentyTimes()
    {
        for (int i = 0; i < Repetitions.Of(20); i++)
        {
            await RunsPythonsExitFunctions("app", "loop");
        }
    }

    [Fact]
    public async Task Exit_InAnExecutor_TwentyTimes()
    {
        for (int i = 0; i < Repetitions.Of(20); i++)
        {
            await RunsPythonsExitFunctions("app", "executor");
        }
    }

    [Theory]
    [InlineData("return")]
    [InlineData("exit")]
    [InlineData("exit-on-loop")]
    [InlineData("exit-attached")]
    public async Task ToString_WhileTheProcessEnds_GivesAText(string scenario)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["text", scenario]);

        errors.ShouldBeEmpty();
        code.ShouldBe(ExitScenarios.Code, output);
        output.ShouldContain("before: odd | ValueError: bang");
        output.ShouldContain("within: odd | ValueError: bang");
        output.ShouldContain("after: <Python object; Python has ended> | ValueError: bang");
    }
}
