namespace PyAsync.Interop;

/// <summary>Describes a Python that this process can load, as its interpreter reports it.</summary>
/// <param name="LibraryPath">The shared library to load; empty if the process has loaded Python already.</param>
/// <param name="Executable">
/// The interpreter that the library belongs to; Python derives its standard library and its virtual environment from this path. Null if only a library
/// was named, and no interpreter was found beside it.
/// </param>
/// <param name="Version">The version, such as 3.11.2.</param>
/// <param name="Source">The place where it was found, for messages and logs: "PYASYNC_PYTHON", "python3 on PATH".</param>
public sealed record PythonInstallation(string LibraryPath, string? Executable, Version Version, string Source)
{
    /// <summary>
    /// Gets the path that Python takes as its interpreter's. If the interpreter is missing, it is the path that the interpreter would have: Python
    /// finds its standard library from there.
    /// </summary>
    internal string? ProgramName { get => field ?? Executable; init; }
}
