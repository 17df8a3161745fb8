using System.CommandLine;

namespace PyAsync.Tool.Commands;

/// <summary><c>dotnet pyasync develop</c>: builds the module and installs it into the active environment, after each change of the C# code.</summary>
internal sealed class DevelopCommand : ModuleCommand
{
    private readonly Option<string?> _python = new("--python")
    {
        Description = "The Python to install into: an interpreter, or an environment's folder. Default: the active environment, or .venv.",
    };

    private PythonEnvironment? _environment;

    /// <param name="further">Arguments of <c>dotnet publish</c>.</param>
    public DevelopCommand(IReadOnlyList<string> further)
        : base("develop", "Builds a module and installs it into the active Python environment.", "Debug", ModuleForm.Hosted, further) => Add(_python);

    protected override async Task Prepare(ModuleProject project, PublishOptions options, ParseResult arguments, CancellationToken cancellationToken) =>
        _environment = await PythonEnvironment.Find(arguments.GetValue(_python), project.Folder, cancellationToken).ConfigureAwait(false);

    protected override Task<int> Run(PublishedModule module, ParseResult arguments, CancellationToken cancellationToken)
    {
        var wheel = new Wheel(module, manylinux: null);
        Installer.Install(wheel, _environment!, module.Properties.ProjectFolder);
        Console.WriteLine($"{wheel.Name} {wheel.Version} is installed for {_environment!.Executable}: import {module.Name}");
        return Task.FromResult(0);
    }
}
