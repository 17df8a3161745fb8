namespace PyAsync.Interpreter.Locating;

/// <summary>Finds the interpreter that a shared library belongs to, so that <c>sys.executable</c> and the standard library fit the library.</summary>
internal static class LibraryOwner
{
    /// <param name="library">An existing library.</param>
    /// <param name="version">The version in its name.</param>
    /// <param name="program">The expected path of the interpreter, if there is none.</param>
    /// <returns>Null if no interpreter beside the library reports the library as its own.</returns>
    public static InterpreterProbe? Find(string library, Version version, out string program)
    {
        string file = DanglingLink.Follow(library);
        string[] programs = [.. Programs(library, version).Concat(Programs(file, version)).Distinct()];
        foreach (string candidate in programs.Where(DanglingLink.IsFile))
        {
            if (InterpreterProbe.Ask(candidate, out _) is { } probe
                && probe.Version.Minor == version.Minor
                && probe.Executable.Length > 0
                && probe.LibraryCandidates().Where(DanglingLink.IsFile).Any(own => DanglingLink.Follow(own) == file))
            {
                program = probe.Executable;
                return probe;
            }
        }

        program = programs.FirstOrDefault(candidate => StartFailure.HasStandardLibrary(Prefix(candidate), version)) ?? programs[0];
        return null;
    }

    private static string Prefix(string program) =>
        OperatingSystem.IsWindows() ? Path.GetDirectoryName(program)! : Path.GetDirectoryName(Path.GetDirectoryName(program))!;

    /// <summary>Gets the paths for lib/libpython3.X.so, and for lib/x86_64-linux-gnu/libpython3.X.so.</summary>
    private static string[] Programs(string library, Version version)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(library))!;

        // A debug build has another name: libpython3.14d.so.1.0 belongs to python3.14d.
        string name = $"python{version.Major}.{version.Minor}";
        name += Path.GetFileName(library).Contains(name + "d", StringComparison.Ordinal) ? "d" : "";
        return OperatingSystem.IsWindows()
            ? [Path.Combine(folder, "python.exe")]
            : [Path.GetFullPath(Path.Combine("..", "bin", name), folder), Path.GetFullPath(Path.Combine("..", "..", "bin", name), folder)];
    }
}
