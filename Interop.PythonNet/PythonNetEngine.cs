using PyAsync.Interop;
using Python.Runtime;

namespace PyAsync;

/// <summary>Starts and ends pythonnet in an interpreter that PyAsync uses too.</summary>
internal static class PythonNetEngine
{
    private const int PyGILState_LOCKED = 0;

    /// <summary>Initialises pythonnet with the running Python. The calling thread holds the GIL afterwards only if it did before.</summary>
    /// <exception cref="NotSupportedException">pythonnet does not support this version of Python. A second attempt would not report that.</exception>
    public static void Join(PythonInterpreter interpreter)
    {
        PythonInstallation python = interpreter.Installation;
        if (!PythonEngine.IsSupportedVersion(new Version(python.Version.Major, python.Version.Minor)))
        {
            throw Unsupported(python, null);
        }

        // The library that is running: pythonnet would load another one beside it. Empty in a process that is a Python.
        if (python.LibraryPath.Length > 0)
        {
            global::Python.Runtime.Runtime.PythonDLL = python.LibraryPath;
        }

        using AttachScope scope = PythonThread.Attach();
        try
        {
            PythonEngine.Initialize();
        }
        catch (NotSupportedException e)
        {
            throw Unsupported(python, e);
        }

        // If Python is running, Initialize takes the GIL once more and never releases it.
        CPython.PyGILState_Release(PyGILState_LOCKED);
    }

    /// <summary>Registers an action for pythonnet's shut-down. It runs before the shut-down, on the same thread, with the GIL held.</summary>
    public static void OnShutdown(Action action) =>
        PythonEngine.AddShutdownHandler(() =>
        {
            // Never released, on purpose. Shutdown releases the GIL if any thread holds it, and up to Python 3.11 it mistakes another thread that holds
            // the GIL by then, such as one that runs an event loop, for its own. With this call the shutting-down thread holds the GIL.
            _ = CPython.PyGILState_Ensure();
            action();
        });

    private static NotSupportedException Unsupported(PythonInstallation python, Exception? reason) =>
        new(
            $"pythonnet {typeof(PythonEngine).Assembly.GetName().Version!.ToString(3)} does not support Python {python.Version.ToString(2)}, which this process runs. Use another version of either.",
            reason);
}
