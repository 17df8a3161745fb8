using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>Holds the objects of the <c>asyncio</c> module that the bridge uses, looked up once per interpreter.</summary>
internal sealed class AsyncioObjects
{
    private OwnedReference _loopKeyword;
    private ImportedObject _ensureFuture = new("asyncio", "ensure_future");
    private ImportedObject _isCoroutine = new("asyncio", "iscoroutine");
    private ImportedObject _isAwaitable = new("inspect", "isawaitable");
    private ImportedObject _getRunningLoop = new("asyncio", "_get_running_loop");

    /// <summary>Looks the objects up. The calling thread holds the GIL.</summary>
    public AsyncioObjects()
    {
        _loopKeyword.Set(Names("loop"));
    }

    public static AsyncioObjects Current => InterpreterState.Current.Attachment<AsyncioObjects>();

    /// <summary>True if <c>asyncio.Task</c> can start a coroutine at once (3.12 and newer).</summary>
    public static bool HasEagerStart => CPython.Minor >= 12;

    public BorrowedReference LoopKeyword => _loopKeyword.Borrow();

    /// <summary>Gets the class <c>asyncio.Task</c>.</summary>
    public AsyncioTask Task { get; } = new();

    /// <summary>Gets the keyword arguments of tasks whose first step the loop makes.</summary>
    public TaskKeywords TaskKeywords { get; } = new(isEager: false);

    /// <summary>Gets the keyword arguments of tasks that make their first step when they are created.</summary>
    public TaskKeywords EagerTaskKeywords { get; } = new(isEager: true);

    /// <summary><c>asyncio.ensure_future(awaitable, loop=loop)</c>.</summary>
    public BorrowedReference EnsureFuture => _ensureFuture.Value;

    public BorrowedReference IsCoroutine => _isCoroutine.Value;

    /// <summary><c>inspect.isawaitable</c>.</summary>
    public BorrowedReference IsAwaitable => _isAwaitable.Value;

    /// <summary>Gets the loop that runs on this thread, or <c>None</c>, by the function that asyncio offers to implementations of loops.</summary>
    public NewReference RunningLoop() => _getRunningLoop.Value.Call().OrThrow();

    /// <summary>Forgets the loop that tasks were made for. At the end of each drain and turn.</summary>
    public void ReleaseLoop()
    {
        TaskKeywords.Release();
        EagerTaskKeywords.Release();
    }

    private static NewReference Names(params ReadOnlySpan<string> names)
    {
        using NewReference tuple = CPython.PyTuple_New(names.Length).OrThrow();
        for (int i = 0; i < names.Length; i++)
        {
            PyTuple.Set(tuple.Borrow(), i, NewReference.From(WellKnownNames.Current[names[i]].Reference));
        }

        return NewReference.From(tuple.Borrow());
    }
}
