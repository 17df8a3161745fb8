namespace PyAsync.Interop;

/// <summary>
/// Carries .NET's ExecutionContext (AsyncLocals, culture, Activity) through Python in a context variable, so that asyncio
/// hands it on to child tasks, callbacks and timers as it does with every context variable.
/// </summary>
internal sealed class ExecutionContextCarrier
{
    // The context of a thread that nobody has put anything into. Until it is known a context that holds nothing is carried too.
    private static ExecutionContext? s_default = FindDefault();

    private OwnedReference _variable;
    private OwnedReference _lastHolder;
    private ExecutionContext? _last;

    public unsafe ExecutionContextCarrier() =>
        _variable.Set(CPython.PyContextVar_New(CPython.Utf8("dotnet_execution_context"), default).OrThrow());

    /// <summary>Whether a context holds anything worth carrying.</summary>
    public static bool IsWorthCarrying(ExecutionContext? context) => context is not null && context != Volatile.Read(ref s_default);

    /// <summary>Whether the context, which is this thread's, is that of a thread that nobody has put anything into.</summary>
    internal static bool HoldsNothing(ExecutionContext current)
    {
        // With the last value .NET goes back to that one context; as long as there is another it makes a new one.
        var value = new AsyncLocal<object?> { Value = current };
        value.Value = null;
        bool isSame = ExecutionContext.Capture() == current;
        ExecutionContext.Restore(current);
        return isSame;
    }

    /// <summary>What the thread's current Python context carries; null if nothing was ever put into it.</summary>
    public static ExecutionContext? Current() => PythonInterpreter.Current.ExecutionContexts?.Read();

    /// <summary>Puts a context into the thread's current Python context; null for none, where there was one.</summary>
    public void Write(ExecutionContext? context)
    {
        if (context is null)
        {
            using NewReference cleared = CPython.PyContextVar_Set(_variable.Borrow(), PythonInterpreter.Current.None).OrThrow();
            return;
        }

        // A burst of requests mostly comes from one context: one holder serves them all.
        if (context != _last)
        {
            _lastHolder.Set(ManagedObject.Wrap(context));
            _last = context;
        }

        using NewReference token = CPython.PyContextVar_Set(_variable.Borrow(), _lastHolder.Borrow()).OrThrow();
    }

    private static ExecutionContext? FindDefault()
    {
        // Mostly this thread's, and always where a plain python imports a module. Otherwise a thread of its own looks for it, and nobody waits
        // for that: whoever waited would hold the lock of this type's initialisation, and mostly the GIL, which others hold who want the lock.
        if (ExecutionContext.Capture() is { } here && HoldsNothing(here))
        {
            return here;
        }

        new Thread(static () => Volatile.Write(ref s_default, ExecutionContext.Capture())) { IsBackground = true }.UnsafeStart();
        return null;
    }

    private unsafe ExecutionContext? Read()
    {
        nint value;
        if (CPython.PyContextVar_Get(_variable.Borrow(), default, &value) < 0)
        {
            CPython.PyErr_Clear();
            return null;
        }

        using var found = new NewReference(value);
        return ManagedObject.TryUnwrap(found.Borrow(), out object? context) ? (ExecutionContext)context : null;
    }
}
