using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class DiscoveryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pyasync");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Locate_NamedPythonThatDoesNotExist_SaysToCorrectTheNameRatherThanToInstall()
    {
        string path = Path.Combine(_folder.FullName, "nowhere");

        string message = Refused(named: path);
        message.ShouldContain($"the Python option: {path} does not exist. Correct the option, or remove it");
        message.ShouldNotContain("To install one:");
        message.ShouldContain(PythonLocator.EnvironmentVariable);

        message = Should.Throw<PythonNotFoundException>(
            () => new PythonLocator(name => name == PythonLocator.EnvironmentVariable ? path : null, _folder.FullName).Locate(null)).Message;
        message.ShouldContain($"PYASYNC_PYTHON: {path} does not exist. Correct the environment variable PYASYNC_PYTHON, or unset it");
        message.ShouldNotContain("To install one:");
    }

    [Fact]
    public void Locate_TooOld_IsRefused() =>
        Refused(Fake(version: "3.10.13")).ShouldContain("is too old: 3.11 or newer is needed");

    [Fact]
    public void Locate_PythonTwo_IsRefusedAsTooOld() =>
        Refused(Fake(version: "2.7.18")).ShouldContain("is too old");

    [Fact]
    public void Locate_FreeThreaded_IsRefused() =>
        Refused(Fake(freeThreaded: true)).ShouldContain("free-threaded");

    [Fact]
    public void Locate_OtherArchitecture_IsRefused() =>
        Refused(Fake(platform: "linux-riscv64")).ShouldContain("is built for linux-riscv64");

    [Fact]
    public void Locate_ThirtyTwoBit_IsRefused() =>
        Refused(Fake(bits: 32)).ShouldContain("(32 bit)");

    [Fact]
    public void Locate_OtherImplementation_IsRefused() =>
        Refused(Fake(implementation: "pypy")).ShouldContain("only CPython");

    [Fact]
    public void Locate_NoSharedLibrary_SaysHowToGetIt()
    {
        string message = Refused(Fake(library: "missing/libpython3.12.so.1.0"));

        message.ShouldContain("has no shared library");
        message.ShouldContain("Install it:");
    }

    [Fact]
    public void Locate_ProgramThatIsNoPython_IsRefused()
    {
        string script = Script("#!/bin/sh\necho hello\nexit 3\n");

        string message = Refused(script);

        message.ShouldContain("did not answer as a Python does (exit code 3): no message. Correct the option, or remove it to search for a Python");
        message.ShouldNotContain("To install one");
    }

    [Fact]
    public void Locate_Interpreter_DoesNotReadTheInputOfTheApplication()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads the descriptors of a process in /proc.");
        string input = Path.Combine(_folder.FullName, "input");

        Refused(Script($"#!/bin/sh\nreadlink /proc/self/fd/0 > {input}\ncat > /dev/null\nexit 3\n"));

        System.IO.File.ReadAllText(input).Trim().ShouldNotBe(System.IO.File.ResolveLinkTarget("/proc/self/fd/0", returnFinalTarget: false)!.Name);
        System.IO.File.ReadAllText(input).ShouldStartWith("pipe:");
    }

    [Fact]
    public void Locate_EmptyEnvironmentFolder_IsRefused() =>
        Refused(_folder.FullName).ShouldContain("holds no bin/python3");

    [Fact]
    public void Locate_LibraryOfAnOldOrFreeThreadedVersion_IsRefused()
    {
        Refused(File("libpython3.10.so.1.0")).ShouldContain("too old");
        Refused(File("libpython3.13t.so.1.0")).ShouldContain("free-threaded");
        Refused(File("libother.so")).ShouldContain("has no version");

        string File(string name)
        {
            string path = Path.Combine(_folder.FullName, name);
            System.IO.File.WriteAllText(path, "");
            return path;
        }
    }

    [Fact]
    public void Locate_ExplicitOption_ComesBeforeTheEnvironment()
    {
        string good = Fake(library: RealLibrary());
        var locator = new PythonLocator(name => name == PythonLocator.EnvironmentVariable ? "/nowhere" : null);

        PythonInstallation found = locator.Locate(good);

        found.Source.ShouldBe("the Python option");
        found.Version.ShouldBe(new Version(3, 12, 5));
    }

    [Fact]
    public void Locate_EnvironmentVariables_ComeInTheirOrder()
    {
        string python = Fake(library: RealLibrary());
        var environment = new Dictionary<string, string> { ["CONDA_PREFIX"] = Environment(python), ["PATH"] = "" };

        new PythonLocator(environment.GetValueOrDefault).Locate(null).Source.ShouldBe("CONDA_PREFIX");
        environment["VIRTUAL_ENV"] = Environment(python);
        new PythonLocator(environment.GetValueOrDefault).Locate(null).Source.ShouldBe("VIRTUAL_ENV");
        environment[PythonLocator.EnvironmentVariable] = python;
        new PythonLocator(environment.GetValueOrDefault).Locate(null).Source.ShouldBe(PythonLocator.EnvironmentVariable);

        string Environment(string executable)
        {
            DirectoryInfo folder = _folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(Path.Combine(folder.FullName, "bin"));
            System.IO.File.Copy(executable, Path.Combine(folder.FullName, "bin", "python3"));
            return folder.FullName;
        }
    }

    [Fact]
    public void Locate_OnPath_SkipsWhatIsUnusable()
    {
        DirectoryInfo first = _folder.CreateSubdirectory("first");
        DirectoryInfo second = _folder.CreateSubdirectory("second");
        System.IO.File.Move(Fake(version: "3.8.1"), Path.Combine(first.FullName, "python3"));
        System.IO.File.Move(Fake(library: RealLibrary()), Path.Combine(second.FullName, "python"));
        var environment = new Dictionary<string, string> { ["PATH"] = first.FullName + Path.PathSeparator + second.FullName };

        new PythonLocator(environment.GetValueOrDefault).Locate(null).Source.ShouldBe("python on PATH");
    }

    [Fact]
    public void Locate_ShimThatNamesAnother_FollowsWhatTheInterpreterSays()
    {
        // The shim's own path is ignored: executable and library are those that the interpreter behind it names.
        string shim = Fake(library: RealLibrary(), executable: "/somewhere/else/python3.12");

        PythonInstallation found = new PythonLocator(_ => null).Locate(shim);

        found.Executable.ShouldBe("/somewhere/else/python3.12");
    }

    [Fact]
    public void Start_WithAnotherPython_IsRefused()
    {
        string other = Fake(library: RealLibrary());

        Should.Throw<InvalidOperationException>(() => PythonInterpreter.Start(new PythonInterpreterOptions { Python = other }))
            .Message.ShouldContain("one interpreter per process");
    }

    [Fact]
    public void Start_Again_GivesTheSameInterpreterAndAddsModulePaths()
    {
        System.IO.File.WriteAllText(Path.Combine(_folder.FullName, "found_by_path.py"), "value = 7");
        var options = new PythonInterpreterOptions();
        options.ModulePaths.Add(_folder.FullName);

        PythonInterpreter.Start(options).ShouldBeSameAs(PythonInterpreter.Current);

        using PyObject module = PyObject.Import("found_by_path");
        module.GetAttr("value").As<int>().ShouldBe(7);
    }

    private static string RealLibrary() => PythonInterpreter.Current.Installation.LibraryPath;

    private string Refused(string named)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The interpreters that this test pretends are shell scripts.");
        return Should.Throw<PythonNotFoundException>(() => new PythonLocator(_ => null).Locate(named)).Message;
    }

    /// <summary>A program that answers as an interpreter would.</summary>
    private string Fake(
        string version = "3.12.5", string implementation = "cpython", string? platform = null, int bits = 64, bool freeThreaded = false, string library = "/nowhere/libpython3.12.so.1.0", string? executable = null)
    {
        platform ??= System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "linux-aarch64" : "linux-x86_64";
        return Script($"""
            #!/bin/sh
            cat <<'END'
            version={version}
            implementation={implementation}
            executable={executable ?? "/pretended/python3"}
            base_prefix=/pretended
            bits={bits}
            platform={platform}
            free_threaded={(freeThreaded ? 1 : 0)}
            framework=
            libdir={Path.GetDirectoryName(library)}
            libpl=
            instsoname={Path.GetFileName(library)}
            ldlibrary={Path.GetFileName(library)}
            END
            """);
    }

    private string Script(string text)
    {
        string path = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        System.IO.File.WriteAllText(path, text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
