namespace PyAsync.Contexts;

/// <summary>
/// Carries .NET's ExecutionContext (AsyncLocals, culture, Activity) through Python in a context variable, so that asyncio passes it to child tasks,
/// callbacks and timers as it does with every context variable.
/// </summary>
internal sealed class ExecutionContextCarrier
{
    // The context of a thread without any values. Until it is known, an empty context is carried too.
    private static ExecutionContext? s_default = FindDefault();

    private OwnedReference _variable;
    private OwnedReference _lastHolder;
    private ExecutionContext? _last;

    public unsafe ExecutionContextCarrier() =>
        _variable.Set(CPython.PyContextVar_New(CPython.Utf8("dotnet_execution_context"), default).OrThrow());

    /// <summary>True if a context holds any values.</summary>
    public static bool IsWorthCarrying(ExecutionContext? context) => context is not null && context != Volatile.Read(ref s_default);

    /// <summary>True if the context, which is this thread's, is that of a thread without any values.</summary>
    internal static bool HoldsNothing(ExecutionContext current)
    {
        // When the last value is removed, .NET returns to that one context; while there is another value, it creates a new one.
        var value = new AsyncLocal<object?> { Value = current };
        value.Value = null;
        bool isSame = ExecutionContext.Capture() == current;
        ExecutionContext.Restore(current);
        return isSame;
    }

    /// <summary>Gets the context that the thread's current Python context carries; null if none was ever stored.</summary>
    public static ExecutionContext? Current() => InterpreterState.Current.FindAttachment<ExecutionContextCarrier>()?.Read();

    /// <summary>
    /// Stores a context in the thread's current Python context, for the C# code that it leads back to. After the first one, every entry from Python looks for one.
    /// </summary>
    public static void Carry(ExecutionContext? context) => InterpreterState.Current.Attachment<ExecutionContextCarrier>().Write(context);

    /// <summary>Stores a context in the thread's current Python context; null to remove it.</summary>
    private void Write(ExecutionContext? context)
    {
        if (context is null)
        {
            using NewReference cleared = CPython.PyContextVar_Set(_variable.Borrow(), InterpreterState.Current.None).OrThrow();
            return;
        }

        // Its own reference to the holder: setting a variable may run the garbage collector (on 3.11), and other threads, which replace the last holder.
        using NewReference holder = HolderOf(context);
        using NewReference token = CPython.PyContextVar_Set(_variable.Borrow(), holder.Borrow()).OrThrow();
    }

    /// <summary>Gets the object that holds a context. A burst of requests usually comes from one context: one holder serves them all.</summary>
    private NewReference HolderOf(ExecutionContext context)
    {
        if (context == _last)
        {
            return NewReference.From(_lastHolder.Borrow());
        }

        NewReference made = ManagedObject.Wrap(context);
        _last = context;
        _lastHolder.Set(NewReference.From(made.Borrow()));
        return made;
    }

    private static ExecutionContext? FindDefault()
    {
        // Usually this thread's, and always if a plain python imports a module. Otherwise a separate thread looks for it, and no thread waits for that:
        // a waiting thread would hold the lock of this type's initialisation, and usually the GIL, which other threads hold that want the lock.
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
