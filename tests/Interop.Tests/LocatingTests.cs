using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The locator's search, with the real Python under pretended names and folders.</summary>
public sealed class LocatingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pyasync");

    public LocatingTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests make symbolic links and shell scripts.");

    private static string Python => PythonInterpreter.Current.Installation.Executable!;

    private static string Library => PythonInterpreter.Current.Installation.LibraryPath;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Locate_Library_HasTheInterpreterThatItBelongsTo()
    {
        string link = At("links/libpython3.so.link");
        File.CreateSymbolicLink(link, Library);

        foreach (string library in new[] { Library, link })
        {
            PythonInstallation found = new PythonLocator(_ => null).Locate(library);

            found.LibraryPath.ShouldBe(library);
            found.Version.Build.ShouldBeGreaterThanOrEqualTo(0);
            Directory.GetParent(found.Executable!)!.Parent!.FullName.ShouldBe(Prefix());
        }
    }

    [Fact]
    public void Locate_LibraryWithoutAnInterpreter_KeepsItsOwnPrefix()
    {
        string library = At("prefix/lib/libpython3.12.so.1.0");
        File.WriteAllText(library, "");

        PythonInstallation found = new PythonLocator(_ => null).Locate(library);

        (found.Executable, found.ProgramName).ShouldBe((null, At("prefix/bin/python3.12")));
    }

    [Fact]
    public void Locate_LinkToAMissingLibrary_IsDescribedAsThat()
    {
        string link = At("libpython3.12.so");
        File.CreateSymbolicLink(link, At("gone/libpython3.12.so.1.0"));

        Refused(link).ShouldContain($"{link} is a link to {At("gone/libpython3.12.so.1.0")}, which does not exist");
    }

    [Fact]
    public void Locate_LinkThatLeadsToItself_IsDescribedAsThat()
    {
        File.CreateSymbolicLink(At("libpython3.12.so"), At("libpython3.12.so.1"));
        File.CreateSymbolicLink(At("libpython3.12.so.1"), At("libpython3.12.so"));

        Refused(At("libpython3.12.so")).ShouldContain("is a link to");
    }

    [Fact]
    public void Locate_EnvironmentWhosePythonIsGone_SaysHowToMakeItAgain()
    {
        string environment = Environment("project/.venv", At("gone/python3"));

        string message = Refused(environment);

        message.ShouldContain($"is a link to {At("gone/python3")}, which does not exist");
        message.ShouldContain($"python3 -m venv --clear {environment}");
        message.ShouldNotContain("To install one");
    }

    [Fact]
    public void Locate_RelativeOption_CountsFromTheApplicationUpToTheProject()
    {
        Environment("project/env", Python);
        File.WriteAllText(At("project/app.csproj"), "");
        string application = At("project/bin/app/");
        Directory.CreateDirectory(application);
        var locator = new PythonLocator(_ => null, application);

        locator.Locate("env").Executable.ShouldBe(At("project/env/bin/python3"));
        Environment("project/bin/app/env", Python);
        locator.Locate("env/bin/python3").Executable.ShouldBe(At("project/bin/app/env/bin/python3"));
        Should.Throw<PythonNotFoundException>(() => locator.Locate("./other")).Message.ShouldContain($"looked for {At("project/bin/app/other")}, {At("project/bin/other")}, {At("project/other")}");
    }

    [Fact]
    public void Locate_NothingNamed_FindsTheEnvironmentBesideTheApplication()
    {
        Environment("deployed/.venv", Python);

        PythonInstallation found = new PythonLocator(Variables(), At("deployed")).Locate(null);

        (found.Executable, found.Source).ShouldBe((At("deployed/.venv/bin/python3"), "the application's virtual environment"));
    }

    [Theory]
    [InlineData("app.csproj")]
    [InlineData("app.sln")]
    [InlineData("app.slnx")]
    [InlineData(".git")]
    public void Locate_NothingNamed_FindsTheEnvironmentOfTheProject(string mark)
    {
        Environment("above/.venv", Python);
        Environment("above/project/.venv", Python);
        Directory.CreateDirectory(At("above/project/bin/Debug/net10.0"));
        var locator = new PythonLocator(Variables(), At("above/project/bin/Debug/net10.0"));

        locator.Locate(null).Source.ShouldBe("python3 on PATH");
        File.WriteAllText(At("above/project/" + mark), "");
        locator.Locate(null).Executable.ShouldBe(At("above/project/.venv/bin/python3"));
        Directory.Delete(At("above/project/.venv"), recursive: true);
        locator.Locate(null).Source.ShouldBe("python3 on PATH");
    }

    [Fact]
    public void Locate_ActiveEnvironment_ComesBeforeTheApplications()
    {
        Environment("deployed/.venv", Python);
        string active = Environment("active", Python);

        new PythonLocator(Variables(("VIRTUAL_ENV", active)), At("deployed")).Locate(null).Executable.ShouldBe(At("active/bin/python3"));
    }

    [Fact]
    public void Locate_ActiveEnvironmentThatIsGone_NamesTheVariable() =>
        Should.Throw<PythonNotFoundException>(() => new PythonLocator(Variables(("VIRTUAL_ENV", At("gone")))).Locate(null)).Message
            .ShouldContain("Activate the environment again, or unset VIRTUAL_ENV");

    [Fact]
    public void Locate_SeveralOnPath_TakesTheFirstThatIsUsable()
    {
        File.CreateSymbolicLink(At("first/python3"), "/bin/false");
        File.CreateSymbolicLink(At("second/python3"), Python);

        PythonInstallation found = new PythonLocator(Variables(("PATH", $"{At("first")}:{At("second")}")), At("deployed")).Locate(null);

        found.Executable.ShouldBe(At("second/python3"));
    }

    [Fact]
    public void Import_OfWhatIsNotInstalled_NamesThePythonAndTheCommand()
    {
        string message = Should.Throw<PythonException>(() => PyObject.Import("no_such_package")).Message;

        message.ShouldStartWith("ModuleNotFoundError: No module named 'no_such_package'. ");
        message.ShouldContain($"{Python} (Python 3.");
        message.ShouldContain($"{Python} -m ");
    }

    [Theory]
    [InlineData("import asyncio.no_such")]
    [InlineData("raise ModuleNotFoundError('my own')")]
    [InlineData("raise ModuleNotFoundError('my own', name='other')")]
    [InlineData("raise ModuleNotFoundError('my own', name=3)")]
    public void Import_OfWhatIsNoPackage_HasPythonsMessageAlone(string source) =>
        Should.Throw<PythonException>(() => PyObject.ImportSource(source)).Message.ShouldNotContain("searched");

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables)
    {
        var all = variables.ToDictionary(static variable => variable.Name, static variable => (string?)variable.Value);
        all.TryAdd("PATH", Path.GetDirectoryName(Python));
        return all.GetValueOrDefault;
    }

    private static string Refused(string named) => Should.Throw<PythonNotFoundException>(() => new PythonLocator(_ => null).Locate(named)).Message;

    private static string Prefix()
    {
        using PyObject sys = PyObject.Import("sys");
        return sys.GetAttr("base_prefix").As<string>();
    }

    /// <summary>A path in the test's folder, which exists up to the last part.</summary>
    private string At(string path)
    {
        string full = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    private string Environment(string path, string python)
    {
        string folder = At(path);
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        File.CreateSymbolicLink(Path.Combine(folder, "bin", "python3"), python);
        File.WriteAllText(Path.Combine(folder, "pyvenv.cfg"), $"home = {Path.GetDirectoryName(python)}\n");
        return folder;
    }
}
