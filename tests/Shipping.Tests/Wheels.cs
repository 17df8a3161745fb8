using Shouldly;
using Xunit;

[assembly: AssemblyFixture(typeof(PyAsync.Tests.Wheels))]

namespace PyAsync.Tests;

/// <summary>The wheels of the sample and of the tests' own modules, built once, and environments to install them into.</summary>
public sealed class Wheels : IAsyncLifetime
{
    /// <summary>A folder of wheels that a run for another Python has built, since one wheel serves every Python; or where they are to be left for it.</summary>
    private static readonly string? s_kept = Environment.GetEnvironmentVariable("PYASYNC_TEST_WHEELS");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("pyasync-shipping");

    /// <summary>samples/NativeModule in either form.</summary>
    public string NativeSample { get; private set; } = "";

    public string HostedSample { get; private set; } = "";

    /// <summary>A second hosted module.</summary>
    public string Second { get; private set; } = "";

    /// <summary>A Python with the sample in its native form, the second module, and the native module of Modules.Tests, <c>my_test_module</c>.</summary>
    public string Python { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        NativeSample = await Made("samples/NativeModule");
        HostedSample = await Made("samples/NativeModule", "--form", "hosted");
        Second = await Made("tests/Shipping.Tests/Modules/second_module");
        Python = await NewEnvironmentWithPip("shared");
        await Install(Python, NativeSample, Second);
        string packages = (await Processes.Run(Python, ["-c", "import sysconfig; print(sysconfig.get_path('platlib'))"])).Succeeded();
        File.Copy(TestModules.NativeFile, Path.Combine(packages, Path.GetFileName(TestModules.NativeFile)));
    }

    public ValueTask DisposeAsync()
    {
        _root.Delete(recursive: true);
        return default;
    }

    public string NewFolder(string name) => _root.CreateSubdirectory(name).FullName;

    /// <summary>A fresh virtual environment's interpreter. It has no pip, whose installation takes longer than most tests: <see cref="Pip"/> calls another one.</summary>
    public Task<string> NewEnvironment(string name, params string[] options) => NewEnvironmentWithPip(name, ["--without-pip", .. options]);

    public async Task<string> NewEnvironmentWithPip(string name, params string[] options)
    {
        string folder = Path.Combine(_root.FullName, name);
        (await Processes.Run(Processes.Python, ["-m", "venv", .. options, folder])).Succeeded();
        return Path.Combine(folder, "bin/python3");
    }

    public async Task Install(string python, params string[] wheels)
    {
        await Pip(python, ["install", "--no-index", .. wheels]);
        await Pip(python, "check");
    }

    public Task Uninstall(string python, string package) => Pip(python, "uninstall", "-y", package);

    /// <summary>Runs the shared environment's pip for an environment; for one that has a pip, its own.</summary>
    public async Task Pip(string python, params string[] arguments)
    {
        string[] pip = Directory.GetFiles(Path.GetDirectoryName(python)!, "pip*").Length > 0 ? [python, "-m", "pip"] : [Python, "-m", "pip", "--python", python];
        (await Processes.Run(pip[0], [.. pip[1..], "--disable-pip-version-check", .. arguments])).Succeeded();
    }

    /// <summary>Builds a project's wheel, in the form that the project says or an option.</summary>
    public Task<string> Build(string project, params string[] options) => BuildInto(NewFolder("dist"), project, options);

    /// <summary>The wheel that is kept, or a new one.</summary>
    private Task<string> Made(string project, params string[] options)
    {
        if (string.IsNullOrEmpty(s_kept))
        {
            return Build(project, options);
        }

        string folder = Directory.CreateDirectory(Path.Combine(s_kept, Path.GetFileName(project) + string.Concat(options))).FullName;
        return Directory.GetFiles(folder, "*.whl") is [string wheel] ? Task.FromResult(wheel) : BuildInto(folder, project, options);
    }

    private static async Task<string> BuildInto(string folder, string project, string[] options)
    {
        Outcome outcome = await Processes.Tool(
            ["build", Path.Combine(Repository.Root, project), "-c", Processes.Metadata("Configuration"), "-o", folder, .. options]);
        string wheel = outcome.Succeeded().Split('\n').Last();
        File.Exists(wheel).ShouldBeTrue(outcome.Everything);
        return wheel;
    }
}
