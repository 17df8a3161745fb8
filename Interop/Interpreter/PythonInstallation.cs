namespace PyAsync.Interop;

/// <summary>A Python that this process can load, as its own interpreter describes it.</summary>
/// <param name="LibraryPath">The shared library to load; empty when the process holds Python already.</param>
/// <param name="Executable">
/// The interpreter that was asked; Python derives its standard library and its virtual environment from this path.
/// Null when only a library was given.
/// </param>
/// <param name="Version">The version, such as 3.11.2.</param>
/// <param name="Source">How it was found, for messages and logs: "PYASYNC_PYTHON", "python3 on PATH".</param>
public sealed record PythonInstallation(string LibraryPath, string? Executable, Version Version, string Source);
