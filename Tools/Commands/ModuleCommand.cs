using System.CommandLine;
using System.CommandLine.Parsing;

namespace PyAsync.Tool.Commands;

/// <summary>The common part of the commands on a project: the project, and how it is published.</summary>
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
    private readonly IReadOnlyList<string> _further;
    private readonly ModuleForm? _defaultForm;

    protected ModuleCommand(string name, string description, string configuration, ModuleForm? defaultForm, IReadOnlyList<string> further)
        : base(name, $"{description} Arguments of dotnet publish follow after --, such as -- -p:Version=1.2.0.")
    {
        _defaultForm = defaultForm;
        _further = further;
        _form = new("--form")
        {
            CustomParser = ParseForm,
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
        SetAction(Run);
    }

    /// <summary>Called before anything is built, to refuse invalid arguments at once.</summary>
    protected virtual Task Prepare(ModuleProject project, PublishOptions options, ParseResult arguments, CancellationToken cancellationToken) => Task.CompletedTask;

    protected abstract Task<int> Run(PublishedModule module, ParseResult arguments, CancellationToken cancellationToken);

    private async Task<int> Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        ModuleProject project = await ModuleProject.Open(arguments.GetRequiredValue(_project), cancellationToken).ConfigureAwait(false);
        var options = new PublishOptions(
            arguments.GetValue(_form) ?? _defaultForm ?? project.Form,
            arguments.GetRequiredValue(_configuration),
            arguments.GetValue(_framework),
            arguments.GetValue(_runtime),
            _further);
        await Prepare(project, options, arguments, cancellationToken).ConfigureAwait(false);
        using PublishedModule module = await project.Publish(options, cancellationToken).ConfigureAwait(false);
        return await Run(module, arguments, cancellationToken).ConfigureAwait(false);
    }

    private static ModuleForm? ParseForm(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        foreach (ModuleForm form in Enum.GetValues<ModuleForm>())
        {
            if (text.Equals(form.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return form;
            }
        }

        result.AddError($"--form is '{text}': give aot or hosted.");
        return null;
    }
}
