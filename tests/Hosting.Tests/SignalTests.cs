using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Real signals, sent to real processes with work in flight on both sides.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Host_FirstSignal_CancelsBothSidesAndRunsTheCleanUp(string signal, int exitCode)
    {
        (int code, string output, string errors) = await Child("host", ("ready", signal));

        errors.ShouldBeEmpty();
        ShouldHaveCleanedUp(output);
        output.ShouldContain("background cleaned up");
        code.ShouldBe(exitCode);
    }

    [Fact]
    public async Task Host_SecondSignal_EndsAtOnce()
    {
        (int code, string output, _) = await Child("host-stubborn", ("ready", "INT"), ("cancelled", "INT"));

        code.ShouldBe(130);
        output.ShouldNotContain("continued");
    }

    [Fact]
    public async Task Host_MainThatReturnsAfterTheSignal_GivesItsOwnExitCode()
    {
        (int code, _, string errors) = await Child("host-returns", ("ready", "TERM"));

        errors.ShouldBeEmpty();
        code.ShouldBe(5);
    }

    [Fact]
    public async Task Python_Interrupt_EndsInKeyboardInterrupt()
    {
        (int code, string output, string errors) = await Child("python", ("ready", "INT"));

        errors.ShouldBeEmpty();
        ShouldHaveCleanedUp(output);
        code.ShouldBe(130);
    }

    [Fact]
    public async Task Python_SecondInterrupt_EndsTheRunWithoutWaitingForTheMainWork()
    {
        (int code, string output, _) = await Child("python-stubborn", ("ready", "INT"), ("cancelled", "INT"));

        code.ShouldBe(130);
        output.ShouldContain("finalised");
    }

    /// <summary>Other code may catch the KeyboardInterrupt by mistake: the run ends nevertheless.</summary>
    [Fact]
    public async Task Python_SecondInterruptThatIsSwallowed_EndsTheRun()
    {
        (int code, string output, _) = await Child("python-swallows", ("ready", "INT"), ("cancelled", "INT"));

        code.ShouldBe(130);
        output.ShouldContain("swallowed");
        output.ShouldNotContain("continued");
        output.ShouldContain("finalised");
    }

    [Fact]
    public async Task Python_ThirdInterrupt_BreaksOffWhatBlocksTheLoop()
    {
        // Each is sent when the previous one was handled: signals that arrive faster count as one.
        (int code, string output, _) = await Child("python-blocked", ("blocked", "INT"), ("handled 1", "INT"), ("handled 2", "INT"));

        output.ShouldNotContain("handled 3");
        code.ShouldBe(130);
        output.ShouldContain("finalised");
    }

    [Fact]
    public async Task Python_AddSignalHandler_WorksAsInPlainPython()
    {
        (int code, string output, string errors) = await Child("python-handler", ("ready", "TERM"));

        errors.ShouldBeEmpty();
        output.ShouldContain("handled by Python");
        code.ShouldBe(0);
    }

    [Fact]
    public async Task Python_ExitInASignalHandler_EndsTheRunWithItsCode()
    {
        (int code, string output, string errors) = await Child("python-exits", ("ready", "TERM"));

        errors.ShouldBeEmpty();
        ShouldHaveCleanedUp(output);
        code.ShouldBe(3);
    }

    [Theory]
    [InlineData("generic-host", "INT")]
    [InlineData("generic-host", "TERM")]
    [InlineData("host-on-main", "INT")]
    [InlineData("host-on-main", "TERM")]
    public async Task GenericHost_ItsLifetimeOwnsTheSignals(string scenario, string signal)
    {
        (int code, string output, string errors) = await Child(scenario, ("ready", signal));

        errors.ShouldBeEmpty();
        ShouldHaveCleanedUp(output);
        output.ShouldContain("service stopped");
        code.ShouldBe(0);
    }

    [Fact]
    public async Task RunForever_FirstSignal_StopsTheLoop()
    {
        (int code, string output, string errors) = await Child("forever", ("ready", "INT"));

        errors.ShouldBeEmpty();
        output.ShouldContain("work still there: True");
        ShouldHaveCleanedUp(output);
        code.ShouldBe(130);
    }

    [Fact]
    public async Task CalledByPython_Interrupt_IsPythonsOwn()
    {
        (int code, string output, string errors) = await Child("called-by-python", ("ready", "INT"));

        errors.ShouldBeEmpty();
        output.ShouldContain("interrupted");
        ShouldHaveCleanedUp(output);
        code.ShouldBe(0);
    }

    [Theory]
    [InlineData("none", "INT", 130)]
    [InlineData("none", "TERM", 143)]
    [InlineData("owned-thread", "INT", 130)]
    [InlineData("owned-thread", "TERM", 143)]
    public async Task None_LeavesTheSignalToTheProcess(string scenario, string signal, int exitCode)
    {
        (int code, string output, _) = await Child(scenario, ("ready", signal));

        output.ShouldNotContain("cleaned up");
        code.ShouldBe(exitCode);
    }

    [Fact]
    public async Task None_APythonHandler_InterruptsTheRun()
    {
        (int code, string output, string errors) = await Child("none-but-python", ("ready", "INT"));

        errors.ShouldBeEmpty();
        ShouldHaveCleanedUp(output);
        code.ShouldBe(130);
    }

    [Theory]
    [InlineData("race-host")]
    [InlineData("race-python")]
    public async Task Signals_AroundTheEndOfAThousandRuns_EndEachOnce(string scenario)
    {
        (int code, string output, string errors) = await Child(scenario);

        errors.ShouldBeEmpty();
        output.ShouldContain("1000 runs, some done: True, some interrupted: True");
        code.ShouldBe(0);
    }

    /// <summary>The second signal of a run ends it at once, wherever Python is: a run must not end by a signal of an earlier one, and all runs end.</summary>
    [Fact]
    public async Task Signals_SeveralInARun_LeaveNothingBehind()
    {
        (int code, string output, string errors) = await Child("race-python-twice");

        output.ShouldContain("some interrupted: True", customMessage: errors);
        output.ShouldContain("finalised", customMessage: errors);
        code.ShouldBe(0);
    }

    /// <summary>A handler may raise in Python code that C# calls: the run ends as by any interrupt, and nothing is lost.</summary>
    [Theory]
    [InlineData("interrupt-before-step", true)]
    [InlineData("interrupt-after-step", true)]
    [InlineData("interrupt-cancel", false)]
    public async Task None_AHandlerThatRaisesInTheMidstOfTheBridge_BreaksNothingOff(string scenario, bool isStep)
    {
        (int code, string output, _) = await Child(scenario);

        Assert.SkipWhen(
            output.Contains("no eager tasks", StringComparison.Ordinal),
            "Before Python 3.12 asyncio makes the first step of a task itself, and loses the task, with or without the bridge.");

        // An eager task cannot continue after the interrupt: its awaiter gets the interrupt.
        if (!isStep)
        {
            output.ShouldContain(scenario + ": ");
        }

        output.ShouldContain("finalised");
        code.ShouldBe(isStep && TestLoops.Name == "uvloop" ? 0 : 130); // uvloop runs no bytecode, so no handler runs within it.
    }

    /// <summary>A handler may raise before the loop runs, when the main work has begun already.</summary>
    [Fact]
    public async Task None_AHandlerThatRaisesBeforeTheLoopRuns_DisturbsNeitherTheNextRunNorTheEnd()
    {
        (int code, string output, string errors) = await Child("interrupt-before-run");

        errors.ShouldBeEmpty();
        output.ShouldContain("stopped by its token: True");
        output.ShouldContain("main work cancelled: True");
        code.ShouldBe(0);
    }

    /// <summary>The second one is raised in <c>loop.is_running()</c>, which C# calls to look at the loop that the first one has interrupted.</summary>
    [Fact]
    public async Task None_ASecondInterruptWhileTheFirstIsHandled_IsNoFailureOfTheLoop()
    {
        (int code, string output, string errors) = await Child("interrupt-twice");

        errors.ShouldBeEmpty();
        output.ShouldContain("finalised");
        code.ShouldBe(130);
    }

    private static void ShouldHaveCleanedUp(string output)
    {
        output.ShouldContain("Python cleaned up");
        output.ShouldContain("C# cleaned up");
        output.ShouldContain("finalised");
    }

    private static Task<(int Code, string Output, string Errors)> Child(string scenario, params (string When, string Signal)[] signals)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        Assert.SkipWhen(
            File.Exists("/proc/self/status") && IgnoresInterrupts(),
            "This process was started so that it ignores SIGINT (in a shell's background, with &), and its children inherit that: run the tests in the foreground.");
        return ChildProcess.Run(["signal", scenario], signals);
    }

    private static bool IgnoresInterrupts()
    {
        string mask = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("SigIgn:"))["SigIgn:".Length..].Trim();
        return (Convert.ToUInt64(mask, 16) & (1UL << 1)) != 0;
    }
}
