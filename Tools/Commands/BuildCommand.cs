using System.CommandLine;

namespace PyAsync.Tool.Commands;

/// <summary><c>dotnet pyasync build</c>: builds the wheel, to be installed with pip or uploaded.</summary>
internal sealed class BuildCommand : ModuleCommand
{
    private readonly Option<DirectoryInfo> _output = new("--output", "-o")
    {
        Description = "The folder for the wheel.",
        DefaultValueFactory = _ => new DirectoryInfo("dist"),
    };

    private readonly Option<string?> _manylinux = new("--manylinux")
    {
        Description = "Tags an aot wheel for every Linux with this glibc or a newer one (2.28, or auto), after checking that the library runs there.",
    };

    private ManylinuxChoice? _promise;

    /// <param name="further">Arguments of <c>dotnet publish</c>.</param>
    public BuildCommand(IReadOnlyList<string> further)
        : base("build", "Builds the wheel of a module.", "Release", defaultForm: null, further)
    {
        Add(_output);
        Add(_manylinux);
    }

    protected override Task Prepare(ModuleProject project, PublishOptions options, ParseResult arguments, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = arguments.GetRequiredValue(_output);
        if (File.Exists(folder.FullName))
        {
            throw new ToolException($"--output is a folder for the wheel, and {folder.FullName} is a file.");
        }

        _promise = arguments.GetValue(_manylinux) is string glibc ? ManylinuxChoice.Parse(glibc) : null;
        return _promise is not null && options.Form == ModuleForm.Hosted
            ? throw new ToolException("--manylinux is for native modules (--form aot): a hosted one does not depend on glibc.")
            : Task.CompletedTask;
    }

    protected override async Task<int> Run(PublishedModule module, ParseResult arguments, CancellationToken cancellationToken)
    {
        var wheel = new Wheel(module, _promise);
        DirectoryInfo folder = arguments.GetRequiredValue(_output);
        folder.Create();
        string path = Path.Combine(folder.FullName, wheel.FileName);
        FileStream file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            wheel.Write(file);
        }

        Console.WriteLine(path);
        return 0;
    }
}
