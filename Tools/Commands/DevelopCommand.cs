using System.CommandLine;

namespace PyAsync.Tool;

/// <summary><c>dotnet pyasync develop</c>: builds the module and installs it where you try it. Change C#, run this, import.</summary>
internal sealed class DevelopCommand : ModuleCommand
{
    private readonly Option<string?> _python = new("--python")
    {
        Description = "The Python to install into: an interpreter, or an environment's folder. Default: the active environment, or .venv.",
    };

    private PythonEnvironment? _environment;

    public DevelopCommand()
        : base("develop", "Builds a module and installs it into the active Python environment.", "Debug", ModuleForm.Hosted) => Add(_python);

    protected override async Task Prepare(ModuleProject project, PublishOptions options, ParseResult arguments, CancellationToken ct) =>
        _environment = await PythonEnvironment.Find(arguments.GetValue(_python), project.Folder, ct).ConfigureAwait(false);

    protected override Task<int> Run(PublishedModule module, ParseResult arguments, CancellationToken ct)
    {
        var wheel = new Wheel(module, manylinux: null);
        Installer.Install(wheel, _environment!, module.Properties.ProjectFolder);
        Console.WriteLine($"{wheel.Name} {wheel.Version} is installed for {_environment!.Executable}: import {module.Name}");
        return Task.FromResult(0);
    }
}
