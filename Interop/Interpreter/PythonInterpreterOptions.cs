namespace PyAsync.Interop;

/// <summary>How to start the process's one Python interpreter.</summary>
public sealed class PythonInterpreterOptions
{
    /// <summary>The Python to run: an interpreter's path or name, a virtual environment's folder, or a libpython.</summary>
    /// <value>Default null: look in <c>PYASYNC_PYTHON</c>, the active virtual or conda environment, PATH, the usual folders.</value>
    public string? Python { get; set; }

    /// <summary>Folders that Python imports from before any other; a relative one counts from the application's folder.</summary>
    /// <value>Default empty. The application's own folder is always searched.</value>
    public IList<string> ModulePaths { get; } = [];

    /// <summary>
    /// Whether Python's main thread is the thread that starts it, which is then also the one to end it; otherwise a
    /// background thread is made for that. Python delivers signals to its main thread only.
    /// </summary>
    /// <value>Default false.</value>
    public bool UseCallingThread { get; set; }
}
