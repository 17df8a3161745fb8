namespace PyAsync.Interop;

/// <summary>Attaches the current thread to Python and detaches it.</summary>
/// <remarks>
/// <para>Nothing in PyAsync needs this: every <c>PyObject</c> operation attaches automatically. A scope around several operations saves the repeated
/// attaching, and no other Python code runs in between.</para>
/// <para>Taking the GIL while another thread runs Python bytecode waits for that thread's switch interval, 5 ms by default
/// (<c>sys.setswitchinterval</c>). Code that must not wait posts its work to the event loop instead (<c>IRuntime.IntoFuture</c>, <c>CallAsync</c>,
/// <c>InvokeAsync</c>), which takes no GIL on the calling thread.</para>
/// <para>Code that holds the GIL and waits (locks, <c>Task.Wait</c>, semaphores, <c>Join</c>) releases it meanwhile. .NET does not report <c>Thread.Sleep</c>,
/// spinning and blocking calls into C as waits: use <see cref="Detach"/> around them.</para>
/// <para>Python's thread-local state (<c>threading.local</c>, the decimal context, context variables) lasts while the thread is attached: within one scope.</para>
/// </remarks>
public static class PythonThread
{
    [ThreadStatic]
    private static bool t_finalizes;

    [ThreadStatic]
    private static AttachGate? t_gateInside;

    /// <summary>True if the current thread holds the GIL. Never blocks.</summary>
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

    /// <summary>Gets the gate that counts this thread as inside; null if the thread is not attached, or if Python created it.</summary>
    internal static AttachGate? GateInside
    {
        get => t_gateInside;
        set => t_gateInside = value;
    }

    /// <summary>Takes the GIL for the length of the scope; does nothing if the thread holds it already. Waits for the GIL.</summary>
    /// <exception cref="InvalidOperationException">No interpreter has been started.</exception>
    /// <exception cref="ObjectDisposedException">The interpreter is ending with the process.</exception>
    public static AttachScope Attach()
    {
        if (IsAttached)
        {
            _ = DeferredReleases.Queue.DrainUrgent();
            return default;
        }

        _ = InterpreterState.Current; // Throws if there is none.
        AttachGate gate = AttachGate.OfProcess;
        gate.Enter();
        return Attached(gate);
    }

    /// <summary>Attaches as <see cref="Attach"/> does; returns false if the interpreter is ending or has ended.</summary>
    internal static bool TryAttach(out AttachScope scope)
    {
        if (IsAttached)
        {
            scope = default;
            return true;
        }

        _ = InterpreterState.Current; // Throws if there is none.
        AttachGate gate = AttachGate.OfProcess;
        bool entered = gate.TryEnter();
        scope = entered ? Attached(gate) : default;
        return entered;
    }

    private static AttachScope Attached(AttachGate gate)
    {
        t_gateInside = gate;
        var scope = new AttachScope(gate, CPython.PyGILState_Ensure());
        _ = DeferredReleases.Queue.DrainUrgent();
        return scope;
    }

    /// <summary>Called when this thread begins to finalise Python: it keeps the GIL, with another thread's state.</summary>
    internal static void BeginFinalizing() => t_finalizes = true;

    /// <summary>Notes that Python is finalised: this thread is attached no more.</summary>
    internal static void EndFinalizing() => t_finalizes = false;

    /// <summary>Releases the GIL for the duration of the scope; does nothing if the thread does not hold it.</summary>
    public static DetachScope Detach() =>
        IsAttached ? new DetachScope(CPython.PyEval_SaveThread(), t_gateInside) : default;
}
