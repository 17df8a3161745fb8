using System.CommandLine;

namespace PyAsync.Tool.Commands;

/// <summary>Writes the Python files of an assembly's module. PyAsync.Modules.targets runs it during the build.</summary>
internal sealed class PythonFilesCommand : Command
{
    private readonly Argument<FileInfo> _assembly = new("assembly");
    private readonly Argument<DirectoryInfo> _folder = new("folder");

    public PythonFilesCommand()
        : base("python-files", "Writes the Python files of a module.")
    {
        Hidden = true;
        Add(_assembly);
        Add(_folder);
        SetAction(arguments => PythonFiles.Write(ModuleManifest.Read(arguments.GetRequiredValue(_assembly).FullName), arguments.GetRequiredValue(_folder).FullName));
    }
}
