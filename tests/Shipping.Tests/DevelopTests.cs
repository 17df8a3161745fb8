using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary><c>dotnet pyasync develop</c>, and where it installs.</summary>
public sealed class DevelopTests(Wheels wheels)
{
    private static readonly string s_sample = Path.Combine(Repository.Root, "samples/NativeModule");

    [Fact]
    public async Task Develop_InstallsIntoTheActiveEnvironment_AndReplacesWhatWasThere()
    {
        // Without pip: uv's environments have none.
        string python = await wheels.NewEnvironment("develop"), environment = Path.GetDirectoryName(Path.GetDirectoryName(python))!;
        string packages = (await Processes.Run(python, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])).Succeeded();

        string output = (await Processes.Tool(["develop", s_sample, "-c", Processes.Metadata("Configuration")], null, ("VIRTUAL_ENV", environment))).Succeeded();
        output.ShouldBeText($"my_async_module 0.1.0 is installed for {python}: import my_async_module");
        (await Processes.Run(python, [Path.Combine(s_sample, "app.py")])).Succeeded().ShouldEndWith("done");
        File.ReadAllText(Path.Combine(packages, "my_async_module-0.1.0.dist-info/INSTALLER")).ShouldBe("pyasync\n");

        (await Processes.Tool(["develop", s_sample, "--python", environment, "--form", "aot", "-c", Processes.Metadata("Configuration"), "--", "-p:PythonVersion=0.2.0"])).Succeeded();
        (await Processes.Run(python, [Path.Combine(s_sample, "app.py")])).Succeeded().ShouldEndWith("done");
        Directory.GetDirectories(packages, "my_async_module*").Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["my_async_module", "my_async_module-0.2.0.dist-info"]);
        Directory.GetFiles(Path.Combine(packages, "my_async_module")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["__init__.abi3.so", "__init__.pyi", "py.typed"]);

        // importlib.metadata, and so pip, reads the list of files, and all of them exist.
        (await Processes.Run(python, ["-c", """
            from importlib.metadata import distribution
            found = distribution("my-async-module")
            assert all(file.locate().exists() for file in found.files), found.files
            print(found.version, found.read_text("direct_url.json"))
            """])).Succeeded().ShouldBe("0.2.0 {\"url\":\"" + new Uri(s_sample).AbsoluteUri + "\",\"dir_info\":{}}");
    }

    [Fact]
    public async Task Environment_IsTheNamedOneTheActiveOneOrDotVenv()
    {
        string folder = wheels.NewFolder("project/deep"), python = await wheels.NewEnvironment("project/.venv");
        string other = await wheels.NewEnvironment("other");
        string OwnerOf(string path) => Path.GetDirectoryName(Path.GetDirectoryName(path))!;

        // No environment variable is read here: the tests' own process has none set, or the active one would be found first.
        Environment.GetEnvironmentVariable("VIRTUAL_ENV").ShouldBeNullOrEmpty();
        (await PyAsync.Tool.Environments.PythonEnvironment.Find(null, folder, default)).Executable.ShouldBe(python);
        (await PyAsync.Tool.Environments.PythonEnvironment.Find(other, folder, default)).Executable.ShouldBe(other);
        (await PyAsync.Tool.Environments.PythonEnvironment.Find(OwnerOf(other), folder, default)).PureFolder.ShouldStartWith(OwnerOf(other));
    }

    [Fact]
    public async Task NoEnvironment_SaysHowToMakeOne() =>
        (await Fails("develop", s_sample)).ShouldBe(
            "pyasync : error : There is no active Python environment to install into. Activate one (python3 -m venv .venv && . .venv/bin/activate), or name an interpreter with --python.");

    [Fact]
    public async Task AnEnvironmentWithoutPython_IsNamed()
    {
        string folder = wheels.NewFolder("no-python");
        (await Fails("develop", s_sample, "--python", folder)).ShouldBe($"pyasync : error : There is no Python in the environment {folder}.");
    }

    [Fact]
    public async Task APythonThatIsNotThere_IsNamed() =>
        (await Fails("develop", s_sample, "--python", "no-such-python")).ShouldStartWith("pyasync : error : no-such-python could not be run: ");

    [Fact]
    public async Task APythonOfTheSystem_IsLeftAlone()
    {
        string marked = await Interpreter("marked", "[3, 11], true");

        (await Fails("develop", s_sample, "--python", marked)).ShouldStartWith(
            $"pyasync : error : {marked} belongs to the system, whose package manager manages it. Make an environment and activate it: ");
    }

    [Fact]
    public async Task TooOldAPython_IsNamed()
    {
        string old = await Interpreter("old", "[3, 10], false");

        (await Fails("develop", s_sample, "--python", old)).ShouldBe($"pyasync : error : {old} is Python 3.10; 3.11 or newer is needed.");
    }

    [Fact]
    public async Task AFolderWithoutAProject_SaysHowToStart()
    {
        string folder = wheels.NewFolder("no-project");
        (await Fails("build", folder)).ShouldBe($"pyasync : error : There is no project in {folder}. Name one, or start with: dotnet new pyasync-module.");
    }

    [Fact]
    public async Task AFolderWithSeveralProjects_NamesThem()
    {
        string folder = wheels.NewFolder("projects");
        Array.ForEach(["a", "b"], name => File.WriteAllText(Path.Combine(folder, name + ".csproj"), "<Project />"));
        (await Fails("build", folder)).ShouldBe($"pyasync : error : There are several projects in {folder}. Name one of a.csproj, b.csproj.");
    }

    [Fact]
    public async Task AProjectThatIsNotThere_IsNamed() => (await Fails("build", "/nowhere")).ShouldBe("pyasync : error : There is no project /nowhere.");

    [Fact]
    public async Task AProjectThatIsNoModule_SaysWhatMakesItOne() =>
        (await Fails("build", Path.Combine(Repository.Root, "Backends.ThreadPool"), "-c", Processes.Metadata("Configuration"))).ShouldBe(
            "pyasync : error : PyAsync.Backends.ThreadPool.csproj is not a Python module: dotnet add package PyAsync.Modules.");

    [Fact]
    public async Task ManylinuxForAHostedModule_IsRefused() =>
        (await Fails("build", s_sample, "--form", "hosted", "-c", Processes.Metadata("Configuration"), "--manylinux", "auto")).ShouldBe(
            "pyasync : error : --manylinux is for native modules (--form aot): a hosted one does not depend on glibc.");

    [Theory]
    [InlineData("build", "--frm", "--frm", "aot")]
    [InlineData("build", "--frm", "--frm=aot")]
    [InlineData("build", "-p:Version=1.2", "samples/NativeModule", "-p:Version=1.2")]
    [InlineData("develop", "--pyhton", "--pyhton", "python3")]
    public async Task AnUnknownOption_IsNamedWithTheKnownOnes(string command, string option, params string[] arguments)
    {
        string message = await Fails([command, .. arguments]);

        message.ShouldStartWith($"pyasync : error : Unknown option {option}");
        message.ShouldContain("The options are --form, --configuration, --framework, --runtime, ");
        message.ShouldContain("arguments of dotnet publish follow after --.");
    }

    [Theory]
    [InlineData("'wasm'", "build", "--form", "wasm")]
    [InlineData("'7'", "develop", "--form", "7")]
    [InlineData("Unrecognized command or argument 'another'", "build", "one", "another")]
    [InlineData("Unrecognized command or argument 'buidl'", "buidl")]
    [InlineData("Required argument missing for option: '--manylinux'", "build", "--manylinux")]
    public async Task AWrongArgument_IsNamed(string message, params string[] arguments)
    {
        Outcome result = await Processes.Tool(arguments);

        result.Errors.ShouldContain(message);
        result.Errors.ShouldNotContain("   at ");
        result.Code.ShouldBe(1);
    }

    [Fact]
    public async Task AnOutputThatIsAFile_IsNamed()
    {
        string file = Path.Combine(wheels.NewFolder("output"), "file");
        await File.WriteAllTextAsync(file, "");

        (await Fails("build", s_sample, "-o", file)).ShouldBe($"pyasync : error : --output is a folder for the wheel, and {file} is a file.");
    }

    [Fact]
    public async Task AProgramThatIsNoPython_IsNamed() =>
        (await Fails("develop", s_sample, "--python", "/bin/true")).ShouldBe("pyasync : error : /bin/true is not a Python: name an interpreter, or the folder of an environment.");

    [Theory]
    [InlineData("/no/such.dll")]
    [InlineData("/bin/true")]
    public async Task AnAssemblyThatIsNone_IsNamed(string path) => (await Fails("python-files", path, "/nowhere")).ShouldContain(path);

    /// <summary>Creates a substitute for an interpreter: it prints its version, and whether the system owns it (PEP 668).</summary>
    private async Task<string> Interpreter(string name, string answer)
    {
        string path = Path.Combine(wheels.NewFolder(name), "python");
        await File.WriteAllTextAsync(path, $"""
            #!/bin/sh
            echo '["/usr/bin/python3", "/nowhere", "/nowhere", {answer}]'
            """);
        (await Processes.Run("chmod", ["+x", path])).Succeeded();
        return path;
    }

    private async Task<string> Fails(params string[] arguments)
    {
        Outcome outcome = await Processes.Tool(arguments, wheels.NewFolder("elsewhere"));
        outcome.Code.ShouldBe(1, outcome.Everything);
        return outcome.Errors.Trim();
    }
}
