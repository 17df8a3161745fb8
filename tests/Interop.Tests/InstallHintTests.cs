using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The commands that messages name, for a Python in a folder of the test's.</summary>
public sealed class InstallHintTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pyasync");

    private string Executable => Path.Combine(_folder.FullName, "bin", "python3");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ForPackage_OrdinaryPython_IsPip() => InstallHint.ForPackage("aiohttp", Executable).ShouldBe($"{Executable} -m pip install aiohttp");

    [Fact]
    public void ForPackage_PythonThatItsSystemManages_IsAVirtualEnvironment()
    {
        ManagedBySystem();

        InstallHint.ForPackage("aiohttp", Executable).ShouldContain($"in a virtual environment: {Executable} -m venv .venv && .venv/bin/python -m pip install aiohttp");
    }

    [Fact]
    public void ForPackage_EnvironmentOfSuchAPython_IsPip()
    {
        ManagedBySystem();
        File.WriteAllText(Path.Combine(_folder.FullName, "pyvenv.cfg"), "home = /usr/bin\n");

        InstallHint.ForPackage("aiohttp", Executable).ShouldBe($"{Executable} -m pip install aiohttp");
    }

    [Fact]
    public void ForLibrary_PythonThatIsNotTheSystems_NamesNoPackageOfTheSystem()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "Every Python there has its library.");

        InstallHint.ForLibrary(new Version(3, 12, 5), Executable).ShouldContain("--enable-shared");
        InstallHint.ForLibrary(new Version(3, 12, 5), "/home/me/.pyenv/versions/3.12.5/bin/python3").ShouldContain("pyenv install --force 3.12.5");
    }

    private void ManagedBySystem()
    {
        string library = Path.Combine(_folder.FullName, "lib", "python3.12");
        Directory.CreateDirectory(library);
        File.WriteAllText(Path.Combine(library, "EXTERNALLY-MANAGED"), "");
    }
}
