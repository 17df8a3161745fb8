using System.Reflection;
using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Forks of a plain Python process that uses a module written in C#, while work is in flight.</summary>
internal sealed class Forks : ChildActor
{
    private const string ModuleName = "my_test_module";

    private readonly Lazy<string> _folder = new(LinkModule);

    public override string Kind => "forks";

    public override string? SkipReason =>
        OperatingSystem.IsWindows() ? "there are no forks on Windows"
        : PythonInterpreter.Current.Installation.Executable is null ? "there is no interpreter beside the library"
        : null;

    public override Task Act(Scene scene)
    {
        var child = new ChildProcess(
            PythonInterpreter.Current.Installation.Executable!,
            ["-W", "error", Path.Combine(AppContext.BaseDirectory, "Children", "forking.py"), scene.Combination.Loop, scene.Random.Next().ToString()])
        {
            Environment = { ["PYTHONPATH"] = _folder.Value, ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        return Expect(scene.Ledger.Begin(Kind), child, 0, "forked\n");
    }

    /// <summary>The build output of the module is a Python package, once its folder has the name of the module.</summary>
    private static string LinkModule()
    {
        string artifacts = Metadata("Artifacts"), configuration = Metadata("Configuration");
        string folder = Path.Combine(artifacts, "endurance", configuration, "modules"), link = Path.Combine(folder, ModuleName);
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(link))
        {
            Directory.CreateSymbolicLink(link, Path.GetDirectoryName(
                Directory.EnumerateFiles(Path.Combine(artifacts, "bin", "HostedTestModule"), ModuleName + ".dll", SearchOption.AllDirectories)
                    .Single(path => Path.GetFileName(Path.GetDirectoryName(path))!.StartsWith(configuration, StringComparison.OrdinalIgnoreCase)))!);
        }

        return folder;
    }

    private static string Metadata(string key) => typeof(Forks).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
