using PyAsync.Interop;
using Python.Runtime;

namespace PyAsync;

/// <summary>pythonnet's start and end beside an interpreter that PyAsync uses too.</summary>
internal static class PythonNetEngine
{
    private const int PyGILState_LOCKED = 0;

    /// <summary>Initialises pythonnet over the Python that runs already. The calling thread holds the GIL afterwards only if it did before.</summary>
    /// <exception cref="NotSupportedException">pythonnet does not support this version of Python. A second try would not tell so.</exception>
    public static void Join(PythonInterpreter interpreter)
    {
        PythonInstallation python = interpreter.Installation;
        if (!PythonEngine.IsSupportedVersion(new Version(python.Version.Major, python.Version.Minor)))
        {
            throw Unsupported(python, null);
        }

        // The very library that runs: pythonnet would load another one beside it. Empty in a process that is a Python.
        if (python.LibraryPath.Length > 0)
        {
            Runtime.PythonDLL = python.LibraryPath;
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

        // Where Python runs already, Initialize takes the GIL once more and never gives it back.
        CPython.PyGILState_Release(PyGILState_LOCKED);
    }

    /// <summary>Has something done when pythonnet shuts down, before it does, on the thread that it does it on, with the GIL held.</summary>
    public static void OnShutdown(Action action)
    {
        // What its Shutdown saves for a later Initialize, it saves with the BinaryFormatter, which .NET no longer has: Shutdown would throw
        // half-way and keep the GIL. pythonnet 3.1 sees that by itself.
        RuntimeData.FormatterType ??= typeof(NoopFormatter);
        PythonEngine.AddShutdownHandler(() =>
        {
            // Never given back, on purpose. Shutdown ends by giving up the GIL "if somebody has it", and up to Python 3.11 it takes another
            // thread that has it by then, such as one that runs an event loop, for its own. Now it is its own.
            _ = CPython.PyGILState_Ensure();
            action();
        });
    }

    private static NotSupportedException Unsupported(PythonInstallation python, Exception? reason) =>
        new(
            $"pythonnet {typeof(PythonEngine).Assembly.GetName().Version!.ToString(3)} does not support Python {python.Version.ToString(2)}, which this process runs. Use another version of either.",
            reason);
}
