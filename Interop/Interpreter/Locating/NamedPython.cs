namespace PyAsync.Interpreter.Locating;

/// <summary>Finds the Python that a setting names: an interpreter, a command on PATH, an environment's folder, or a libpython.</summary>
/// <param name="candidates">Checks the candidates, and records the reasons.</param>
/// <param name="environment">Reads an environment variable.</param>
internal sealed class NamedPython(CandidateCheck candidates, Func<string, string?> environment)
{
    private static readonly string[] s_interpreters = OperatingSystem.IsWindows()
        ? ["Scripts\\python.exe", "python.exe"]
        : ["bin/python3", "bin/python"];

    /// <param name="value">The setting's value.</param>
    /// <param name="source">The setting's name.</param>
    /// <param name="folders">The folders that a relative path is relative to; the first in which it exists is used.</param>
    public PythonInstallation? Find(string value, string source, string[] folders)
    {
        string[] paths = Expand(value, folders);
        if (paths.FirstOrDefault(Path.Exists) is { } path)
        {
            return Directory.Exists(path) ? FromFolder(path, source)
                : LooksLikeLibrary(path) ? candidates.FromLibrary(path, source)
                : candidates.FromExecutable(path, source, Remedy(source));
        }

        bool isCommand = Path.GetFileName(value) == value && !LooksLikeLibrary(value);
        if (isCommand && CommandSearch.Find(value, environment).FirstOrDefault() is { } command)
        {
            return candidates.FromExecutable(command, source);
        }

        string looked = Path.IsPathFullyQualified(value) ? ""
            : paths.Length == 0 ? " (the path is relative, and the current folder was deleted)"
            : $" (looked for {string.Join(", ", paths)})";
        return candidates.Refuse(source, value, $"does not exist{looked}{(isCommand ? ", and is no command on PATH" : "")}", Remedy(source));
    }

    private PythonInstallation? FromFolder(string folder, string source) =>
        s_interpreters.Select(relative => Path.Combine(folder, relative)).FirstOrDefault(File.Exists) is { } executable
            ? candidates.FromExecutable(executable, source)
            : candidates.Refuse(
                source,
                folder,
                $"holds no {s_interpreters[0]}",
                VirtualEnvironment.Is(folder) ? $"Make the virtual environment again: python3 -m venv --clear {folder}" : Remedy(source));

    private string[] Expand(string value, string[] folders)
    {
        if (value.StartsWith("~/", StringComparison.Ordinal) && environment("HOME") is { Length: > 0 } home)
        {
            return [Path.GetFullPath(value[2..], home)];
        }

        return Path.IsPathFullyQualified(value) ? [Path.GetFullPath(value)] : [.. folders.Select(folder => Path.GetFullPath(value, folder))];
    }

    private static string? Remedy(string source) => source switch
    {
        "VIRTUAL_ENV" or "CONDA_PREFIX" => $"Activate the environment again, or unset {source}",
        PythonLocator.EnvironmentVariable => $"Correct the environment variable {source}, or unset it to search for a Python",
        PythonLocator.Option => "Correct the option, or remove it to search for a Python",
        _ => null,
    };

    private static bool LooksLikeLibrary(string value) =>
        Path.GetFileName(value) is var name
        && (name.Contains(".so", StringComparison.Ordinal)
            || name.EndsWith(".dylib", StringComparison.Ordinal)
            || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase));
}
