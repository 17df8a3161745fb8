using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

// Ends the interpreter, once, as the process ends.
public sealed partial class PythonInterpreter
{
    private readonly Lock _endLock = new();
    private bool _hasBegunToEnd;

    /// <summary>Gets or sets the time that the end of the process waits for its last steps in Python.</summary>
    internal TimeSpan EndTimeout { get; set; } = InterpreterThread.EndTimeout;

    /// <summary>Gets or sets the time that the end of the process waits for threads that are inside Python.</summary>
    internal TimeSpan ThreadsTimeout { get; set; } = InterpreterThread.EndTimeout;

    /// <summary>
    /// Finalises Python on the calling thread, if that is Python's main thread and nothing needs Python any more: no runtime and not pythonnet.
    /// Otherwise it does nothing, and the end of the process ends Python. Call it without the GIL.
    /// </summary>
    internal static void TryFinalizeOnMainThread()
    {
        // If the lock is taken, the process is already ending on another thread.
        if (s_current is not { _thread: { IsApplications: true, IsCurrent: true } } current || current.Ending is not null || !current._endLock.TryEnter())
        {
            return;
        }

        try
        {
            if (current._hasBegunToEnd || HasPythonNet())
            {
                return;
            }

            current._hasBegunToEnd = true;
            if (AttachGate.OfProcess.Shut(current.ThreadsTimeout) && AttachGate.OfProcess.Detached == 0)
            {
                current.FinalizePython();
                PythonThread.EndFinalizing();
            }
            else
            {
                current.EndWithoutFinalizing();
            }
        }
        finally
        {
            current._endLock.Exit();
        }
    }

    private static bool HasPythonNet()
    {
        using AttachScope scope = PythonThread.Attach();
        return FinalSteps.IsNeededByPythonNet();
    }

    /// <summary>
    /// Ends the interpreter, as the process ends. Python is finalised on its main thread, if this library owns that thread and no thread has Python frames
    /// left; otherwise only its exit functions run. A thread that holds the GIL for too long ends with the process.
    /// </summary>
    private void End()
    {
        _state.BeginEnd();

        // The lock stays taken: nothing else ends Python while the process ends. A main thread that is finalising Python is waited for.
        if (!_endLock.TryEnter(EndTimeout) || _hasBegunToEnd)
        {
            return;
        }

        _hasBegunToEnd = true;

        if (PythonThread.IsAttached)
        {
            // NativeAOT calls this on the thread that called Environment.Exit, which may hold the GIL, and never needs it again.
            ProcessExit.RecordThread();
            _ = PythonThread.Detach();
        }

        foreach (Exception failure in EndRuntimes())
        {
            Console.Error.WriteLine($"PyAsync: while the process was ending: {failure}");
        }

        bool isEmpty = AttachGate.OfProcess.Shut(ThreadsTimeout) && AttachGate.OfProcess.Detached == 0;
        _thread!.TryInvokeAtEnd(
            isMainThread =>
            {
                if (isEmpty && isMainThread)
                {
                    FinalizePython();
                }
                else
                {
                    EndWithoutFinalizing();
                }
            },
            EndTimeout);
    }

    /// <summary>Ends the runtimes, and returns their failures.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failing subscriber must not keep the others, or the process, from ending.")]
    private List<Exception> EndRuntimes()
    {
        List<Exception> failures = [];
        foreach (Action subscriber in Delegate.EnumerateInvocationList(Ending))
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

    /// <summary>
    /// Finalises, on Python's main thread and with its thread state, which is the only valid one from 3.13 on. If a Python thread has called
    /// <c>Environment.Exit</c>, only the exit functions run: CPython would wait for that thread.
    /// </summary>
    private void FinalizePython()
    {
        CPython.PyEval_RestoreThread(_mainThreadState);
        PythonThread.BeginFinalizing();
        DeferredReleases.Queue.Drain();

        // Here and not within Py_FinalizeEx: C# code that the exit functions call can still use Python.
        FinalSteps.RunExitFunctions(EndTimeout);
        _state.End();
        if (FinalSteps.IsNeededByPythonNet())
        {
            _ = CPython.PyEval_SaveThread();
            return;
        }

        if (!ProcessExit.HasThreads)
        {
            _ = CPython.Py_FinalizeEx();
        }
    }

    /// <summary>
    /// Runs Python's exit functions on a thread that is not Python's main thread, and keeps the GIL afterwards: no other thread runs Python code any more, as if Python
    /// had been finalised. The process ends next.
    /// </summary>
    private void EndWithoutFinalizing()
    {
        int state = CPython.PyGILState_Ensure();
        DeferredReleases.Queue.Drain();
        FinalSteps.TakeMainThreadsPlace();
        FinalSteps.RunExitFunctions(EndTimeout);
        _state.End();
        if (FinalSteps.IsNeededByPythonNet())
        {
            CPython.PyGILState_Release(state);
        }
    }
}
