using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Programs of PyAsyncApp as a shell sees them: standard output, standard error and the exit code.</summary>
public sealed class AppProcessTests
{
    [Theory]
    [InlineData("ignores", "AppScenarios.Run (lambda)")]
    [InlineData("ignores-blocking", "AppScenarios.Run (lambda)")]
    [InlineData("ignores-spawned", "AppScenarios.Run (lambda)")]
    [InlineData("ignores-spawned-blocking", "AppScenarios.Run (lambda)")]
    [InlineData("ignores-python", "stubborn")]
    [InlineData("ignores-into-python", "C# work that Python awaits")]
    [InlineData("blocks", "1 blocked event loop")]
    [InlineData("blocks-gil", "1 blocked event loop")]
    [InlineData("blocks-at-the-end", "1 blocked event loop")]
    public async Task Sigterm_WorkThatIgnoresIt_IsWaitedForThenNamedAndTheProcessEnds(string scenario, string named)
    {
        (int code, _, string errors) = await Signalled(scenario, "TERM");

        errors.ShouldContain("without waiting longer (ShutdownTimeout is 00:00:00.3000000)");
        errors.ShouldContain(named);
        errors.ShouldNotContain("   at ");
        code.ShouldBe(143, errors);
    }

    [Theory]
    [InlineData("ignores")]
    [InlineData("ignores-python")]
    [InlineData("blocks")]
    public async Task Interrupt_WorkThatIgnoresIt_IsNamedAndTheProcessEnds(string scenario)
    {
        (int code, _, string errors) = await Signalled(scenario, "INT");

        errors.ShouldContain("without waiting longer (ShutdownTimeout is 00:00:00.3000000)");
        code.ShouldBe(130, errors);
    }

    [Theory]
    [InlineData("ignores")]
    [InlineData("ignores-python")]
    public async Task Sigterm_LoopThatIsNotBlocked_FinalisesPython(string scenario)
    {
        (_, string output, _) = await Signalled(scenario, "TERM");

        output.ShouldContain("finalised");
    }

    [Theory]
    [InlineData("not registered. Known: DedicatedThread, LoopThread, ThreadPool, Uvloop.", "--PyAsync:Backend=Tokio")]
    [InlineData("not registered. Did you mean ThreadPool? Known: DedicatedThread, LoopThread, ThreadPool, Uvloop.", "--PyAsync:Backend=Treadpool")]
    [InlineData("Known: asyncio, uvloop", "--PyAsync:EventLoop=glib")]
    [InlineData("Remove PyAsync:EventLoop for uvloop, or set PyAsync:Backend to \"ThreadPool\" for asyncio.", "--PyAsync:Backend=Uvloop", "--PyAsync:EventLoop=asyncio")]
    [InlineData("ShutdownTimeout is -00:00:01: give zero or more", "--PyAsync:ShutdownTimeout=-00:00:01")]
    [InlineData("PyAsync holds a value of the wrong type", "--PyAsync:ShutdownTimeout=soon")]
    [InlineData("Signals takes Host, Python, None", "--PyAsync:Signals=Often")]
    [InlineData("/no/such/python", "--PyAsync:Python=/no/such/python")]
    [InlineData("within 1 and 1024", "--PyAsync:Backend=DedicatedThread", "--PyAsync:DedicatedThread:Threads=0")]
    [InlineData("'-x=1'", "-x=1")]
    public async Task WrongSetting_IsAMessageAndAnExitCode(string message, params string[] args)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["app", "settings", .. args]);

        errors.ShouldContain(message);
        errors.ShouldNotContain("   at ");
        errors.ShouldNotContain("nhandled exception");
        output.ShouldBeEmpty();
        code.ShouldBe(PyAsyncApp.InvalidSettings);
    }

    /// <summary>As a file beside the application, whose folder is searched first too.</summary>
    [Theory]
    [InlineData("asyncio", "x = 1")]
    [InlineData("asyncio", "raise RuntimeError('mine')")]
    [InlineData("asyncio", "import time\ndef run(main): pass")]
    [InlineData("socket", "x = 1")]
    [InlineData("contextvars", "x = 1")]
    [InlineData("selectors", "class")]
    public async Task FileThatHidesAStandardModule_IsNamedWithTheRemedy(string module, string source)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pyasync");
        string file = Path.Combine(folder.FullName, module + ".py");
        await File.WriteAllTextAsync(file, source, TestContext.Current.CancellationToken);

        (int code, _, string errors) = await ChildProcess.Run(["app", "settings", $"--PyAsync:ModulePaths:0={folder.FullName}"]);

        errors.ShouldContain($"{file} hides Python's own module '{module}'");
        errors.ShouldContain("rename the file");
        code.ShouldBe(PyAsyncApp.InvalidSettings, errors);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task FileOfAStandardModulesName_ThatNothingImports_IsNoError()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pyasync");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "turtle.py"), "x = 1", TestContext.Current.CancellationToken);

        (int code, string output, string errors) = await ChildProcess.Run(["app", "settings", $"--PyAsync:ModulePaths:0={folder.FullName}"]);

        output.ShouldBeText("ran\n", errors);
        code.ShouldBe(0);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task WrongSettings_AreALineEach()
    {
        (int code, _, string errors) = await ChildProcess.Run(["app", "settings", "--PyAsync:ShutdownTimeout=-00:00:01", "--PyAsync:Backend=Tokio"]);

        string[] lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("ShutdownTimeout");
        lines[1].ShouldContain("Tokio");
        code.ShouldBe(PyAsyncApp.InvalidSettings);
    }

    [Fact]
    public async Task PythonsSignalsInAHost_AreAMessageAndAnExitCode()
    {
        (int code, _, string errors) = await ChildProcess.Run(["app", "host-ignores", "--PyAsync:Signals=Python"]);

        errors.ShouldContain("PyAsync:Signals is \"Python\", which needs the loop on the main thread");
        code.ShouldBe(PyAsyncApp.InvalidSettings);
    }

    [Fact]
    public async Task WrongSettingOfTheAttribute_IsAMessageAndAnExitCode()
    {
        (int code, _, string errors) = await ChildProcess.Run(["app", "attribute", "-1"]);

        errors.ShouldContain("within 1 and 1024");
        errors.ShouldNotContain("   at ");
        code.ShouldBe(PyAsyncApp.InvalidSettings);
    }

    [Fact]
    public async Task WrongAppSettings_AreAMessageAndAnExitCode()
    {
        string folder = Directory.CreateTempSubdirectory("pyasync").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "appsettings.json"), """{ "PyAsync": { "Backend": """);

        (int code, _, string errors) = await ChildProcess.Run(["app", "settings", "--contentRoot=" + folder]);

        errors.ShouldContain("appsettings.json");
        errors.ShouldNotContain("   at ");
        code.ShouldBe(PyAsyncApp.InvalidSettings);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Output_IsTheProgramsOwn()
    {
        (int code, string output, string errors) = await ChildProcess.Run(["app", "settings"]);

        output.Trim().ShouldBeText("ran");
        errors.ShouldContain("Python 3.");
        code.ShouldBe(0);
    }

    [Fact]
    public async Task Output_LogThatConfigurationSendsThere_IsThere()
    {
        (_, string output, string errors) = await ChildProcess.Run(["app", "settings", "--Logging:Console:LogToStandardErrorThreshold=Error"]);

        output.ShouldContain("Python 3.");
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task HostedServices_AreNotStartedAndAWarningNamesThem()
    {
        (int code, string output, string errors) = await ChildProcess.Run(["app", "hosted"]);

        output.Trim().ShouldBeText("ran");
        errors.ShouldContain("NeverStarted");
        errors.ShouldContain("host.RunPyAsync()");
        code.ShouldBe(0);
    }

    /// <summary>Runs a scenario of <see cref="AppScenarios"/> that is ended by a signal, with a short time for its end.</summary>
    internal static Task<(int Code, string Output, string Errors)> Signalled(string scenario, string signal, params string[] args)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        return ChildProcess.Run(["app", scenario, "--PyAsync:ShutdownTimeout=00:00:00.3", "--Logging:Console:LogToStandardErrorThreshold=Trace", .. args], [("ready", signal)]);
    }
}
