namespace PyAsync.Interop;

/// <summary>The options for starting the process's one Python interpreter.</summary>
public sealed class PythonInterpreterOptions
{
    /// <summary>
    /// Gets or sets the Python to run: an interpreter's path or name, a virtual environment's folder, or a libpython. A relative path is relative to
    /// the application's folder.
    /// </summary>
    /// <value>
    /// Default null: search <c>PYASYNC_PYTHON</c>, the active virtual or conda environment, a <c>.venv</c> beside the application or above it up to the
    /// project, PATH, the usual folders.
    /// </value>
    public string? Python { get; set; }

    /// <summary>Gets the folders that Python imports from before any other. A relative one is relative to the application's folder.</summary>
    /// <value>Default empty. The application's own folder is always searched.</value>
    public IList<string> ModulePaths { get; } = [];

    /// <summary>
    /// True if the frames in the traceback of a Python exception keep their local variables when the exception reaches .NET: for debuggers and error
    /// reports that show them. Applies to the whole process, and can be set for a running interpreter.
    /// </summary>
    /// <value>Default false: frames that have finished lose their local variables, so that a failure does not keep them alive.</value>
    public bool KeepTracebackLocals { get; set; }

    /// <summary>
    /// True if the thread that starts Python is Python's main thread, and also ends it; otherwise a background thread is created for that. Python
    /// handles signals on its main thread only.
    /// </summary>
    /// <value>Default false.</value>
    public bool UseCallingThread { get; set; }
}
