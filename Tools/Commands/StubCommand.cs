using System.CommandLine;

namespace PyAsync.Tool.Commands;

/// <summary>
/// <c>dotnet pyasync stub</c>: writes the stub of the module <c>pyasync</c>, for type checkers of Python code that runs in a C# application. There the
/// module exists while the application runs; wheels of modules contain it.
/// </summary>
internal sealed class StubCommand : Command
{
    private readonly Argument<DirectoryInfo> _folder = new("folder")
    {
        Description = "The folder of stubs. Default: typings, which pyright searches; MYPYPATH names it for mypy.",
        DefaultValueFactory = _ => new DirectoryInfo("typings"),
    };

    public StubCommand()
        : base("stub", "Writes the stub of the module pyasync, for type checkers of Python code in a C# application.")
    {
        Add(_folder);
        SetAction(arguments =>
        {
            string folder = Path.Combine(arguments.GetRequiredValue(_folder).FullName, "pyasync");
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, "__init__.pyi");
            File.WriteAllText(path, Resources.Text("pyasync.pyi"));
            Console.WriteLine(path);
        });
    }
}
