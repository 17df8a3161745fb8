using System.CommandLine;

namespace PyAsync.Tool;

/// <summary>What the commands on a project have in common: which project, and how it is published.</summary>
internal abstract class ModuleCommand : Command
{
    private readonly Argument<string> _project = new("project")
    {
        Description = "The project file, or its folder.",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<string?> _framework = new("--framework", "-f") { Description = "The target framework, if the project has several. Default: its first." };
    private readonly Option<string?> _runtime = new("--runtime", "-r") { Description = "The platform, such as linux-x64. Default: this one for aot, any for hosted." };
    private readonly Option<ModuleForm?> _form;
    private readonly Option<string> _configuration;
    private readonly Argument<string[]> _further = new("dotnet publish arguments") { Description = "Behind --: handed on, such as -- -p:Version=1.2.0", Arity = ArgumentArity.ZeroOrMore };
    private readonly ModuleForm? _defaultForm;

    protected ModuleCommand(string name, string description, string configuration, ModuleForm? defaultForm)
        : base(name, description)
    {
        _defaultForm = defaultForm;
        _form = new("--form")
        {
            HelpName = "aot|hosted",
            Description = "hosted: assemblies, which the installed .NET runs. aot: one native library, which needs no .NET. Default: "
                + (defaultForm is null ? "aot if the project has PublishAot, else hosted." : "hosted, which builds fastest."),
        };
        _configuration = new("--configuration", "-c") { Description = "The build configuration.", DefaultValueFactory = _ => configuration };
        Add(_project);
        Add(_form);
        Add(_configuration);
        Add(_framework);
        Add(_runtime);
        Add(_further);
        SetAction(Run);
    }

    /// <summary>Before anything is built: what would be in vain is refused at once.</summary>
    protected virtual Task Prepare(ModuleProject project, PublishOptions options, ParseResult arguments, CancellationToken ct) => Task.CompletedTask;

    protected abstract Task<int> Run(PublishedModule module, ParseResult arguments, CancellationToken ct);

    private async Task<int> Run(ParseResult arguments, CancellationToken ct)
    {
        ModuleProject project = await ModuleProject.Open(arguments.GetRequiredValue(_project), ct).ConfigureAwait(false);
        var options = new PublishOptions(
            arguments.GetValue(_form) ?? _defaultForm ?? project.Form,
            arguments.GetRequiredValue(_configuration),
            arguments.GetValue(_framework),
            arguments.GetValue(_runtime),
            arguments.GetValue(_further) ?? []);
        await Prepare(project, options, arguments, ct).ConfigureAwait(false);
        using PublishedModule module = await project.Publish(options, ct).ConfigureAwait(false);
        return await Run(module, arguments, ct).ConfigureAwait(false);
    }
}
