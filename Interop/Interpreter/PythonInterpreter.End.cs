using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

// The end of the interpreter, once, as the process ends.
public sealed partial class PythonInterpreter
{
    /// <summary>Ends the interpreter, as the process ends. What holds the GIL for too long is left to die with the process.</summary>
    private void End()
    {
        foreach (Exception failure in EndRuntimes())
        {
            Console.Error.WriteLine($"PyAsync: while the process was ending: {failure}");
        }

        if (Gate.Shut(InterpreterThread.EndTimeout))
        {
            _thread!.TryInvokeAtEnd(Finalize);
        }
    }

    /// <summary>Tells the runtimes to end, and gives what went wrong with that.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failing subscriber must not keep the others, or the process, from ending.")]
    private List<Exception> EndRuntimes()
    {
        List<Exception> failures = [];
        foreach (Action subscriber in Ending?.GetInvocationList().Cast<Action>() ?? [])
        {
            try
            {
                subscriber();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        return failures;
    }

    /// <summary>Finalises, as Python's main thread: with its thread state, which from 3.13 on is the only one that will do.</summary>
    private void Finalize(bool onMainThread)
    {
        CPython.PyEval_RestoreThread(_mainThreadState);
        PythonThread.BeginFinalizing();
        if (!onMainThread)
        {
            TakeMainThreadsPlace();
        }

        Releases.Drain();
        if (IsNeededByPythonNet())
        {
            RunExitFunctions();
            _ended = true;
            _ = CPython.PyEval_SaveThread();
            return;
        }

        _ended = true;
        _ = CPython.Py_FinalizeEx();
    }

    /// <summary>
    /// Whether pythonnet is initialised over this interpreter: its module is there until it shuts down. It does that when the process ends,
    /// perhaps after this, and would crash without an interpreter; it never finalises one itself.
    /// </summary>
    private static bool IsNeededByPythonNet()
    {
        using NewReference name = PyText.FromString("clr");
        return !CPython.PyDict_GetItemWithError(CPython.PyImport_GetModuleDict(), name.Borrow()).IsNull;
    }

    /// <summary>What Python programs count on at their end, for an interpreter that is left to die with the process.</summary>
    private static void RunExitFunctions()
    {
        try
        {
            using PyObject module = PyObject.ImportSource(PySource.Embedded(typeof(PythonInterpreter).Assembly, "exit_functions.py"), "pyasync_exit");
            module.CallMethod("run").Dispose();
        }
        catch (PythonException e)
        {
            Console.Error.WriteLine($"PyAsync: while the process was ending: {e}");
        }
    }

    /// <summary>
    /// Before 3.13, <c>threading</c> waits at the end for every thread but the calling one, and for the main thread too if that is not
    /// the calling one, although nothing will ever end it. So the calling thread takes the main thread's name.
    /// </summary>
    private static void TakeMainThreadsPlace()
    {
        if (CPython.Minor >= 13)
        {
            return;
        }

        try
        {
            using NewReference main = PythonInterpreter.Current.Objects.Import("threading", "main_thread").Call().OrThrow();
            using NewReference ident = PythonInterpreter.Current.Objects.Import("threading", "get_ident").Call().OrThrow();
            PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(main.Borrow(), PythonInterpreter.Current.Names["_ident"].Reference, ident.Borrow()));
        }
        catch (PythonException e)
        {
            Console.Error.WriteLine($"PyAsync: while the process was ending: {e}");
        }
    }
}
