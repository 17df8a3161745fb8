using System.Text.Json;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Python starts as the program <c>python3</c> starts in the same environment, or reports why it cannot.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pyasync");

    public static TheoryData<string> Environments => new(
        "LANG=C",
        "",
        "LANG=C.UTF-8",
        "LC_ALL=C",
        "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0",
        "LANG=C PYTHONDEVMODE=1",
        "PYTHONIOENCODING=latin-1:replace PYTHONWARNINGS=error,default PYTHONUNBUFFERED=1",
        "LANG=C PYTHONCOERCECLOCALE=0",
        "PYTHONHASHSEED=7 PYTHONOPTIMIZE=1 PYTHONNOUSERSITE=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/nowhere/y",
        "PYTHONFAULTHANDLER=1 PYTHONUTF8=1 PYTHONINTMAXSTRDIGITS=5000 PYTHONSAFEPATH=1",
        "PYTHONTRACEMALLOC=2 PYTHONMALLOC=malloc LC_ALL=C.UTF-8");

    private static string Python => PythonInterpreter.Current.Installation.Executable!;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Start_InAnEnvironment_IsAsPythonItself(string variables) => await ShouldStartAsPythonDoes(Python, Clean(variables));

    [Theory]
    [InlineData("ascii", "LANG=C")]
    [InlineData("größe 漢字", "LANG=C")]
    [InlineData("größe 漢字", "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0")]
    [InlineData("größe 漢字", "LANG=C.UTF-8")]
    public async Task Start_InAVirtualEnvironment_IsAsPythonItself(string folder, string variables)
    {
        string environment = Path.Combine(_folder.FullName, folder);
        (await ChildProcess.Run(Python, ["-m", "venv", "--without-pip", environment], Clean(""), [])).Code.ShouldBe(0);
        string python = Path.Combine(environment, "bin", "python3");

        Dictionary<string, string> report = await ShouldStartAsPythonDoes(python, Clean(variables));

        report["executable"].ShouldContain("bin/python3");
        report["prefix"].ShouldNotBe("");
    }

    [Theory]
    [InlineData("PYTHONHASHSEED=many", "PYTHONHASHSEED")]
    [InlineData("PYTHONUTF8=2", "PYTHONUTF8")]
    [InlineData("PYTHONMALLOC=none", "PYTHONMALLOC")]
    [InlineData("PYTHONTRACEMALLOC=x", "PYTHONTRACEMALLOC")]
    [InlineData("PYTHONINTMAXSTRDIGITS=x", "PYTHONINTMAXSTRDIGITS")]
    [InlineData("PYTHONIOENCODING=klingon", "PYTHONIOENCODING")]
    [InlineData("PYTHONHOME=/nonexistent", "PYTHONHOME is '/nonexistent'", "does not exist", "Unset PYTHONHOME")]
    [InlineData("PYTHONHOME=/tmp", "PYTHONHOME is '/tmp'", "is not the home of a Python 3.", "Unset PYTHONHOME")]
    public async Task Start_WithAWrongVariable_ThrowsAndNamesIt(string variable, params string[] expected)
    {
        foreach (string python in new[] { Python, PythonInterpreter.Current.Installation.LibraryPath })
        {
            (int code, string output, string errors) = await ChildProcess.Run(["start", "fail"], Clean($"{variable} PYASYNC_PYTHON={python}"));

            code.ShouldBe(0, output + errors);
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Count(static line => line == "finally").ShouldBe(2);
            lines.Count(static line => line.StartsWith("caught: ", StringComparison.Ordinal)).ShouldBe(2, output);
            foreach (string part in expected)
            {
                output.ShouldContain(part);
            }
        }
    }

    /// <summary>.NET's own files get the descriptors that are free.</summary>
    [Theory]
    [InlineData("<&-", "[True, False, False, True, False, False]")]
    [InlineData(">&-", "[False, True, False, False, True, False]")]
    [InlineData("2>&-", "[False, False, True, False, False, True]")]
    [InlineData("<&- >&- 2>&-", "[True, True, True, True, True, True]")]
    [InlineData("", "[False, False, False, False, False, False]")]
    public async Task Start_WithClosedStreams_HasNoneAsPythonItself(string closed, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The shell closes the streams.");
        string file = Path.Combine(_folder.FullName, "streams");

        (int code, string output, string errors) = await ChildProcess.Run("/bin/sh", ["-c", $"exec \"$@\" {closed}", "sh", Environment.ProcessPath!, "--child", "start", "streams", file], Clean(""), []);

        code.ShouldBe(0, output + errors);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(expected);
    }

    [Fact]
    public async Task Start_SiteCustomizeThatRemovesTheStreams_Starts()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "sitecustomize.py"), "import sys\nsys.stdout = sys.stderr = None", TestContext.Current.CancellationToken);

        (int code, string output, string errors) = await ChildProcess.Run(["start", "fail"], Clean($"PYTHONPATH={_folder.FullName}"));

        code.ShouldBe(0, output + errors);
        output.ShouldContain("started");
    }

    [Theory]
    [InlineData(null, "started")]
    [InlineData("relative/python3", "the path is relative, and the current folder was deleted")]
    public async Task Start_InADeletedFolder_NeedsNone(string? named, string expected)
    {
        Dictionary<string, string?> environment = Clean($"PYASYNC_PYTHON={named ?? Python}");
        environment["PATH"] = $".:{Environment.GetEnvironmentVariable("PATH")}";

        (int code, string output, string errors) = await ChildProcess.Run(["start", "deleted"], environment);

        code.ShouldBe(0, output + errors);
        output.ShouldContain(expected);
    }

    [Fact]
    public async Task Start_WithAFileInPythonPathThatHidesAModule_ThrowsAndNamesIt()
    {
        string file = Path.Combine(_folder.FullName, "threading.py");
        await File.WriteAllTextAsync(file, "x = 1\n", TestContext.Current.CancellationToken);

        (int code, string output, string errors) = await ChildProcess.Run(["start", "fail"], Clean($"PYASYNC_PYTHON={Python} PYTHONPATH={_folder.FullName}"));

        code.ShouldBe(0, output + errors);

        // From 3.13 on the module keeps the interpreter itself from answering.
        output.ShouldContain(PythonInterpreter.Current.Installation.Version.Minor < 13 ? $"{file} hides Python's own module 'threading'" : "PYTHONPATH");
    }

    [Fact]
    public async Task Start_NothingNamedAndAWrongHome_SaysSoOnce()
    {
        Dictionary<string, string?> environment = Clean("PYTHONHOME=/nonexistent");
        environment["PYASYNC_PYTHON"] = null;

        (int code, string output, string errors) = await ChildProcess.Run(["start", "fail"], environment);

        code.ShouldBe(0, output + errors);
        output.Split("PYTHONHOME is '/nonexistent'").Length.ShouldBe(3, output);
        output.ShouldNotContain("To install one");
    }

    [Fact]
    public void StartFailure_StandardLibraryIsMissing_SaysWhereItWouldBe()
    {
        string prefix = Path.Combine(_folder.FullName, "prefix");
        var installation = new PythonInstallation("libpython3.12.so.1.0", null, new Version(3, 12), "a test") { ProgramName = Path.Combine(prefix, "bin", "python3.12") };

        string message = StartFailure.Describe(installation, "failed to get the Python codec of the filesystem encoding", null);

        message.ShouldContain($"Its standard library is missing: {Path.Combine(prefix, "lib", "python3.12")} does not exist. Reinstall");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PYTHONIOENCODING=utf-16")]
    public async Task Start_AfterVariablesWereSet_PythonSeesThem(string others)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["start", "environment"], Clean($"TEST_CHANGED=1 TEST_REMOVED=1 TEST_KEPT=k {others}"));

        errors.ShouldBeEmpty();
        (code, output.Trim()).ShouldBe((0, "['grün', '2', None, 'k'] True 2"));
    }

    [Theory]
    [InlineData("", "pass")]
    [InlineData("PYTHONFAULTHANDLER=1", "pass")]
    [InlineData("PYTHONDEVMODE=1", "pass")]
    [InlineData("PYTHONFAULTHANDLER=1", "faulthandler.enable()")]
    [InlineData("PYTHONFAULTHANDLER=1", "faulthandler.disable(); fault(); assert not faulthandler.is_enabled()")]
    [InlineData("", "faulthandler.enable(); fault(); assert faulthandler.is_enabled()")]
    [InlineData("", "for i in range(3): faulthandler.enable(); fault(); assert faulthandler.disable(); fault(); assert not faulthandler.disable()")]
    [InlineData("", "faulthandler.enable(all_threads=False); faulthandler.dump_traceback_later(1000); faulthandler.cancel_dump_traceback_later()")]
    [InlineData("", "import signal; faulthandler.register(signal.SIGUSR1, chain=False); faulthandler.enable(); signal.raise_signal(signal.SIGUSR1)")]
    public async Task FaultHandler_OnOrOff_HardwareFaultsAreCaught(string variables, string steps)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["start", "faults", steps], Clean(variables));

        code.ShouldBe(0, output + errors);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(static line => line == "ndnd");
    }

    [Theory]
    [InlineData("", "pass", "import ctypes; ctypes.memset(0, 0, 1)", 139)]
    [InlineData("PYTHONFAULTHANDLER=1", "pass", "import ctypes; ctypes.memset(0, 0, 1)", 139)]
    [InlineData("PYTHONFAULTHANDLER=1", "faulthandler.disable()", "import ctypes; ctypes.memset(0, 0, 1)", 139)]
    [InlineData("", "faulthandler.enable()", "import ctypes; ctypes.memset(0, 0, 1)", 139)]
    [InlineData("", "faulthandler.enable(); faulthandler.disable()", "import ctypes; ctypes.memset(0, 0, 1)", 139)]
    [InlineData("", "faulthandler.enable()", "faulthandler._sigabrt()", 134)]
    public async Task FaultHandler_OnOrOff_ARealFaultEndsTheProcess(string variables, string steps, string fault, int expected)
    {
        (int code, string output, string errors) = await ChildProcess.Run(["start", "faults", steps, fault], Clean(variables));

        code.ShouldBe(expected, output + errors);
    }

    private static async Task<Dictionary<string, string>> ShouldStartAsPythonDoes(string python, Dictionary<string, string?> environment)
    {
        environment["PYASYNC_PYTHON"] = python;
        environment["TEST_APPLICATION"] = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        (int code, string expected, string errors) = await ChildProcess.Run(python, ["-c", StartScenarios.Report], environment, []);
        code.ShouldBe(0, errors);
        (code, string actual, errors) = await ChildProcess.Run(["start", "report"], environment);
        code.ShouldBe(0, errors);

        Dictionary<string, string> report = JsonSerializer.Deserialize<Dictionary<string, string>>(actual)!;
        report.ShouldBe(JsonSerializer.Deserialize<Dictionary<string, string>>(expected)!, ignoreOrder: true);
        return report;
    }

    /// <summary>Gets the variables, and no other that affects the start of Python.</summary>
    private static Dictionary<string, string?> Clean(string variables)
    {
        var environment = new Dictionary<string, string?>();
        foreach (string name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(static name =>
            name.StartsWith("LC_", StringComparison.Ordinal) || name.StartsWith("PYTHON", StringComparison.Ordinal) || name is "LANG" or "VIRTUAL_ENV"))
        {
            environment[name] = null;
        }

        environment["PYASYNC_PYTHON"] = Python;
        foreach (string variable in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = variable.Split('=', 2);
            environment[parts[0]] = parts[1];
        }

        return environment;
    }
}
