namespace PyAsync.Interop;

// Joins an interpreter that other code has started: the process is a python3, or another bridge has started Python.
public sealed partial class PythonInterpreter
{
    private static TimeSpan GilPatience => TimeSpan.FromSeconds(10);

    // The start lock guards it.
    private bool _isJoining;

    /// <summary>Joins the interpreter that imports an extension module, on the importing thread.</summary>
    /// <remarks>Works as <see cref="Start"/>, except for <c>threading</c>, which the module's first call imports: that import takes longer than the rest.</remarks>
    internal static PythonInterpreter JoinForModule(nint program)
    {
        StartLock.Enter();
        try
        {
            PythonInterpreter interpreter = s_current ?? Join(program, importThreading: false);
            interpreter.FinishJoining();
            return interpreter;
        }
        finally
        {
            StartLock.Exit();
        }
    }

    /// <summary>Uses an interpreter whose owner ends it.</summary>
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
            CPythonLayouts.Probe(SupportedPythons.Newest);
            if (ModuleNotFoundHint.ExecutableOfProcess() is { } executable)
            {
                installation = installation with { Executable = executable }; // Also that of a virtual environment.
            }

            var interpreter = new PythonInterpreter(installation, thread: null) { _isJoining = true };
            s_current = interpreter;
            if (importThreading)
            {
                interpreter.ImportThreading();
            }

            interpreter.FinishJoining();
            return interpreter;
        }
        finally
        {
            CPython.PyGILState_Release(state);
        }
    }

    /// <summary>Prepares an interpreter that was joined. The next import repeats what an exception, as that of Ctrl-C, has interrupted. Needs the GIL.</summary>
    private void FinishJoining()
    {
        if (_isJoining)
        {
            Prepare(isOwned: false);
            EndWithPython();
            _isJoining = false;
        }
    }

    /// <summary>
    /// Throws if the thread that started Python never releases the GIL. A library that starts Python may hold the GIL until a call releases it, as
    /// pythonnet does. This library would wait without an end, and only here can a program without that call be detected.
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
                $"Python runs in this process already, and its GIL has not been free for {GilPatience.TotalSeconds} seconds: the thread that started Python still holds it. Release it: with pythonnet, call PythonEngine.BeginAllowThreads() after PythonEngine.Initialize().");
        }
    }

    /// <summary>Registers a callback for the end of Python, which silently terminates threads that are inside then, or enter later.</summary>
    private void EndWithPython()
    {
        using PyObject leave = PyFunction.Create("pyasync_leave", Leave);
        using NewReference registered = WellKnownObjects.Current.Import("atexit", "register").Call(leave.Reference).OrThrow();
    }

    /// <summary>Called on the thread that finalises Python, before it does.</summary>
    private void Leave()
    {
        List<Exception> failures;
        using (PythonThread.Detach())
        {
            failures = EndRuntimes();
            AttachGate.OfProcess.Shut(InterpreterThread.EndTimeout);
        }

        foreach (Exception failure in failures)
        {
            ErrorTranslation.Set(failure);
            CPython.PyErr_WriteUnraisable(_state.None);
        }

        DeferredReleases.Queue.Drain();
        FaultHandlers.End();
    }
}
