using System.CommandLine;

namespace PyAsync.Tool.Commands;

/// <summary><c>dotnet pyasync bind</c>: writes C# interfaces, records, enums and delegates from the type hints of Python modules.</summary>
internal sealed class BindCommand : Command
{
    private const string FileError = "PYASYNC070";

    private readonly Argument<string[]> _modules = new("modules")
    {
        Description = "The modules: names (redis.asyncio) or files (weather.py).",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _check = new("--check") { Description = "Writes nothing, and fails if a file is stale." };
    private readonly Option<bool> _import = new("--import") { Description = "Imports the modules: finds what exists at run time only. By default only sources and stubs are read." };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder for the files.", DefaultValueFactory = _ => "." };
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "The namespace. Default: that of the project in or above the folder." };
    private readonly Option<string?> _python = new("--python") { Description = "The project's Python: an interpreter, or an environment's folder. Default: as the runtime finds it." };

    // For the build: a folder, which receives the list of the files that were written, and the list of those that were read.
    private readonly Option<string?> _lists = new("--lists") { Hidden = true };

    public BindCommand()
        : base("bind", "Writes C# code from the type hints of Python modules.")
    {
        Add(_modules);
        Add(_check);
        Add(_import);
        Add(_output);
        Add(_namespace);
        Add(_python);
        Add(_lists);
        SetAction(Run);
    }

    private async Task<int> Run(ParseResult arguments, CancellationToken cancellationToken)
    {
        string folder = Path.GetFullPath(arguments.GetRequiredValue(_output));
        if (File.Exists(folder))
        {
            throw new ToolException($"--output is a folder for the files, and {folder} is a file.");
        }

        (ReaderModule Module, string? Folder)[] modules = [.. arguments.GetRequiredValue(_modules).Select(ModuleName.Parse).DistinctBy(static entry => entry.Module.Name)];
        string python = PythonEnvironment.FindToRead(arguments.GetValue(_python), folder);
        string[] folders = [.. modules.Select(static entry => entry.Folder).OfType<string>().Append(Environment.CurrentDirectory).Distinct()];
        PythonProgram program = await HintReader.Read(python, [.. modules.Select(static entry => entry.Module)], folders, arguments.GetValue(_import), cancellationToken).ConfigureAwait(false);
        string space = arguments.GetValue(_namespace) is { Length: > 0 } named ? Namespaces.Identifier(named) : Namespaces.Of(folder) ?? "Python";
        IReadOnlyList<GeneratedFile> files = Bindings.Create(program, space);
        if (arguments.GetValue(_check))
        {
            return await Check(files, folder, arguments).ConfigureAwait(false);
        }

        Directory.CreateDirectory(folder);
        foreach (GeneratedFile file in files)
        {
            Write(file, Path.Combine(folder, file.Name));
        }

        if (arguments.GetValue(_lists) is string lists)
        {
            await File.WriteAllLinesAsync(Path.Combine(lists, "written"), files.Select(file => Path.Combine(folder, file.Name)), cancellationToken).ConfigureAwait(false);
            await File.WriteAllLinesAsync(Path.Combine(lists, "read"), program.Files!, cancellationToken).ConfigureAwait(false);
        }

        return 0;
    }

    private static void Write(GeneratedFile file, string path)
    {
        if (GeneratedFile.IsForeign(path))
        {
            throw new ToolException($"{path} was not written by dotnet pyasync bind. Delete it, or name another folder with --output.");
        }

        // An unchanged file keeps its time, so that nothing is compiled again.
        bool isCurrent = file.Check(path) is null;
        if (!isCurrent)
        {
            File.WriteAllText(path, file.Text);
        }

        HintShare share = file.Share;
        if (share.All == 0)
        {
            Console.WriteLine($"{path} has no members: the module defines no public functions and classes itself. Bind the modules that define them.");
            return;
        }

        Console.WriteLine(isCurrent ? $"{path} is up to date." : $"{path}: {share.All} members, {share.Complete} with complete hints ({share.Typed} without PyObject), {share.Partial} with Any or missing hints, {share.Without} without hints.");
    }

    /// <summary>Reports each file that is not up to date, in MSBuild's format.</summary>
    private async Task<int> Check(IReadOnlyList<GeneratedFile> files, string folder, ParseResult arguments)
    {
        string command = $"dotnet pyasync bind {string.Join(' ', arguments.GetRequiredValue(_modules))}{(arguments.GetValue(_namespace) is { Length: > 0 } space ? $" --namespace {space}" : "")}";
        int code = 0;
        foreach (GeneratedFile file in files)
        {
            string path = Path.Combine(folder, file.Name);
            if (file.Check(path) is string problem)
            {
                code = 1;
                await Console.Error.WriteLineAsync($"{path} : error {FileError}: {problem} Write it again: {command}").ConfigureAwait(false);
            }
        }

        return code;
    }
}
