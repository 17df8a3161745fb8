namespace PyAsync.Interop;

// An interpreter that somebody else has started: the process is a python3, or another bridge was there first.
public sealed partial class PythonInterpreter
{
    private static TimeSpan GilPatience => TimeSpan.FromSeconds(10);

    /// <summary>Joins the interpreter that imports an extension module, on the thread that does.</summary>
    /// <remarks>As <see cref="Start"/>, but for <c>threading</c>, which the module's first call imports: it takes longer than the rest.</remarks>
    internal static PythonInterpreter JoinForModule(nint program)
    {
        StartLock.Enter();
        try
        {
            return s_current ??= Join(program, importThreading: false);
        }
        finally
        {
            StartLock.Exit();
        }
    }

    /// <summary>Uses it, and leaves its end to its owner.</summary>
    private static PythonInterpreter Join(nint program, bool importThreading)
    {
        if (!CPython.IsBound)
        {
            CPython.Bind(program);
        }

        if (CPython.Py_IsInitialized() == 0)
        {
            throw new PythonNotFoundException(
                "This process has a Python library loaded that is not initialised. Initialise it first, or let PyAsync load Python itself.");
        }

        var installation = new PythonInstallation("", Environment.ProcessPath, new Version(3, CPython.Minor), "this process");
        ThrowIfUnusable(installation);
        ThrowIfGilIsHeldForGood();
        int state = CPython.PyGILState_Ensure();
        try
        {
            var interpreter = new PythonInterpreter(installation, thread: null);
            s_current = interpreter;
            if (importThreading)
            {
                interpreter.ImportThreading();
            }

            Prepare();
            interpreter.EndWithPython();
            return interpreter;
        }
        finally
        {
            CPython.PyGILState_Release(state);
        }
    }

    /// <summary>
    /// A library that starts Python may hold the GIL until it is told not to; pythonnet does. Waiting would be for ever, and here is the one
    /// place where a program that forgot to tell it meets that.
    /// </summary>
    private static void ThrowIfGilIsHeldForGood()
    {
        if (PythonThread.IsAttached)
        {
            return;
        }

        var probe = new Thread(static () => CPython.PyGILState_Release(CPython.PyGILState_Ensure())) { IsBackground = true, Name = "PyAsync GIL probe" };
        probe.UnsafeStart();
        if (!probe.Join(GilPatience))
        {
            throw new InvalidOperationException(
                $"Python runs in this process already, and its GIL has not been free for {GilPatience.TotalSeconds} seconds: the thread that started Python still holds it. Have it let go: under pythonnet, call PythonEngine.BeginAllowThreads() after PythonEngine.Initialize().");
        }
    }

    /// <summary>Has Python tell when it ends: it ends without a word threads that are inside then, or enter later.</summary>
    private void EndWithPython()
    {
        using PyObject leave = PyFunction.Create("pyasync_leave", Leave);
        using NewReference registered = Objects.Import("atexit", "register").Call(leave.Reference).OrThrow();
    }

    /// <summary>On the thread that finalises Python, before it does.</summary>
    private void Leave()
    {
        List<Exception> failures;
        using (PythonThread.Detach())
        {
            failures = EndRuntimes();
            Gate.Shut(InterpreterThread.EndTimeout);
        }

        foreach (Exception failure in failures)
        {
            PythonErrors.Set(failure);
            CPython.PyErr_WriteUnraisable(None);
        }

        Releases.Drain();
    }
}
