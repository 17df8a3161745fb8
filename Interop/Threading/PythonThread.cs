namespace PyAsync.Interop;

/// <summary>What the current thread is to Python.</summary>
/// <remarks>
/// <para>Nothing in PyAsync needs this: every <see cref="PyObject"/> operation attaches by itself. A scope around
/// several operations saves the repeated attaching and lets nothing else run in between.</para>
/// <para>Taking the GIL while another thread runs Python bytecode waits for that thread's switch interval, 5 ms by
/// default (<c>sys.setswitchinterval</c>). Code that must not wait hands its work to the event loop instead
/// (<c>IRuntime.IntoFuture</c>, <c>Call</c>, <c>InvokeAsync</c>), which takes no GIL on the calling thread.</para>
/// </remarks>
public static class PythonThread
{
    [ThreadStatic]
    private static bool t_finalizes;

    /// <summary>Whether the current thread holds the GIL. Never blocks.</summary>
    public static bool IsAttached
    {
        get
        {
            if (t_finalizes || !CPython.IsBound)
            {
                return t_finalizes;
            }

            nint mine = CPython.PyGILState_GetThisThreadState();
            return mine != 0 && mine == CPython.PyThreadState_GetUnchecked();
        }
    }

    /// <summary>Takes the GIL for the scope's length; if the thread has it already, does nothing. Waits for the GIL.</summary>
    /// <exception cref="InvalidOperationException">No interpreter has been started.</exception>
    /// <exception cref="ObjectDisposedException">The interpreter is ending with the process.</exception>
    public static AttachScope Attach()
    {
        if (IsAttached)
        {
            return default;
        }

        AttachGate gate = PythonInterpreter.Current.Gate;
        gate.Enter();
        return new AttachScope(gate, CPython.PyGILState_Ensure());
    }

    /// <summary>This thread holds the GIL for good, and with the thread state of another: it finalises Python.</summary>
    internal static void BeginFinalizing() => t_finalizes = true;

    /// <summary>Gives up the GIL for the scope's length; if the thread does not have it, does nothing.</summary>
    public static DetachScope Detach() =>
        IsAttached ? new DetachScope(CPython.PyEval_SaveThread()) : default;
}
