using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>The kinds of object that a request can produce: a value, a task, or a future that other code made.</summary>
internal enum AwaitStartKind
{
    /// <summary>A value that is not awaitable, and is the outcome.</summary>
    Value,

    /// <summary>A task that was made for the request, and that is done.</summary>
    DoneTask,

    /// <summary>A task that was made for the request.</summary>
    Task,

    /// <summary>A future that other code may await too.</summary>
    Future,
}

/// <summary>The start of an await: a coroutine becomes an <c>asyncio.Task</c> (<see cref="TaskStarter"/>). On the loop's thread, with the GIL held.</summary>
internal ref struct AwaitStart
{
    private NewReference _awaited;

    private AwaitStart(AwaitStartKind kind, NewReference awaited)
    {
        Kind = kind;
        _awaited = awaited;
    }

    public AwaitStartKind Kind { get; }

    /// <summary>The value, the task or the future.</summary>
    public readonly BorrowedReference Awaited => _awaited.Borrow();

    /// <summary>Starts an await.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="awaitable">Any object; the await takes the reference.</param>
    /// <param name="mayBeValue">True if a value that is not awaitable is the outcome.</param>
    /// <exception cref="PythonTypeErrorException">The object is not awaitable, and no value is allowed.</exception>
    /// <exception cref="ArgumentException">The object is a future of another loop.</exception>
    public static AwaitStart Of(PythonEventLoop loop, NewReference awaitable, bool mayBeValue) =>
        awaitable.Borrow().IsInstanceOfExactly(WellKnownObjects.Current.CoroutineType)
            ? OfTask(loop, TaskStarter.Start(loop, awaitable))
            : OfOther(loop, awaitable, mayBeValue);

    /// <summary>Starts an await of anything but CPython's own coroutines.</summary>
    private static AwaitStart OfOther(PythonEventLoop loop, NewReference given, bool mayBeValue)
    {
        using NewReference awaitable = given;
        switch (AwaitableKind.Of(awaitable.Borrow()))
        {
            case AwaitableKind.Kind.Coroutine:
                return OfTask(loop, TaskStarter.Start(loop, NewReference.From(awaitable.Borrow())));
            case AwaitableKind.Kind.Future:
                ThrowIfForeign(loop, awaitable.Borrow());
                return new AwaitStart(AwaitStartKind.Future, NewReference.From(awaitable.Borrow()));
            case AwaitableKind.Kind.Awaitable:
                AsyncioObjects asyncio = loop.Asyncio;
                return OfTask(loop, asyncio.EnsureFuture.CallWithKeywords(awaitable.Borrow(), asyncio.LoopKeyword, loop.Reference).OrThrow());
            default:
                return mayBeValue
                    ? new AwaitStart(AwaitStartKind.Value, NewReference.From(awaitable.Borrow()))
                    : throw new PythonTypeErrorException(
                        $"A Python '{PyText.TypeName(CPython.Py_TYPE(awaitable.Borrow()))}' cannot be awaited: a coroutine, a future or an object with __await__ is needed.");
        }
    }

    public void Dispose() => _awaited.Dispose();

    private static AwaitStart OfTask(PythonEventLoop loop, NewReference task) =>
        new(TaskStarter.MayBeDone && loop.Asyncio.Task.IsDone(task.Borrow()) ? AwaitStartKind.DoneTask : AwaitStartKind.Task, task);

    /// <summary>Refuses the futures of other loops, as asyncio does.</summary>
    private static void ThrowIfForeign(PythonEventLoop loop, BorrowedReference future)
    {
        using NewReference owner = future.CallMethod(WellKnownNames.Current.GetLoop);
        if (owner.IsNull)
        {
            PythonErrors.Forget(); // A future-like object without get_loop is treated as one of this loop.
        }
        else if (owner.Borrow() != loop.Reference)
        {
            throw new ArgumentException("The future belongs to another event loop. Await it there: give the call that loop's EventLoopContext.");
        }
    }
}
