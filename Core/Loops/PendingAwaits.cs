using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The awaits of .NET on one loop. A task that the bridge made is found by its address: it has one awaiter, and one callback serves all such tasks. A
/// future of other code may have any number of awaiters, each with a number and a callback. The GIL guards all of it.
/// </summary>
internal sealed class PendingAwaits : IDisposable
{
    private const int MaxSearched = 1_000;

    private readonly PythonEventLoop _loop;
    private readonly Dictionary<nint, IAwaiter> _byTask = [];
    private readonly NumberedItems<IAwaiter> _byNumber = new();
    private OwnedReference _taskCallback;

    // A list, or NULL: the tasks that a token has cancelled since the loop's runtime began to end.
    private OwnedReference _cancelledAtEnd;

    public PendingAwaits(PythonEventLoop loop)
    {
        _loop = loop;
        using PyObject callback = PyFunction.Create(new TaskCallback(this), "Notifies .NET that a task which it awaits is done.");
        _taskCallback.Set(NewReference.From(callback.Reference));
    }

    /// <summary>The number of awaits.</summary>
    public int Count => _byTask.Count + _byNumber.Count;

    /// <summary>Registers an awaiter for a task that the bridge made for it.</summary>
    public void WatchTask(BorrowedReference task, IAwaiter awaiter)
    {
        AddDoneCallback(task, _taskCallback.Borrow());
        _byTask.Add(task.Pointer, awaiter);
    }

    /// <summary>Registers an awaiter for a future that other code may await too.</summary>
    public void WatchFuture(BorrowedReference future, IAwaiter awaiter)
    {
        int number = _byNumber.Add(awaiter);
        try
        {
            using PyObject callback = PyFunction.Create(new FutureCallback(this, number), doc: null);
            AddDoneCallback(future, callback.Reference);
        }
        catch (Exception)
        {
            _byNumber.Take(number);
            throw;
        }
    }

    /// <summary>Gets the objects that .NET awaits, as a Python list.</summary>
    public NewReference AwaitedObjects() => ListOf([.. _byTask.Values, .. _byNumber.All]);

    /// <summary>
    /// Marks the exceptions of the bridge's tasks as retrieved, so that asyncio does not warn: the tasks end with the loop, and their awaiters
    /// are notified.
    /// </summary>
    public void MarkTasksAsSeen()
    {
        using NewReference tasks = ListOf(_byTask.Values);
        using NewReference result = CoreModules.Current.LoopWatch("let_go").Call(tasks.Borrow());
        if (result.IsNull)
        {
            PythonErrors.Forget();
        }
    }

    /// <summary>Cancels the awaits that have no token. Called in a drain.</summary>
    public void CancelThoseWithoutToken()
    {
        // The awaited objects, not the awaiters: an awaiter that ends meanwhile may serve another request.
        var awaited = new List<PyObject>();
        foreach (IAwaiter awaiter in (IAwaiter[])[.. _byTask.Values, .. _byNumber.All])
        {
            if (!awaiter.HasToken)
            {
                awaited.Add(PyObject.FromBorrowed(awaiter.Awaited));
            }
        }

        foreach (PyObject o in awaited)
        {
            Cancel(o.Reference);
            o.Dispose();
        }
    }

    /// <summary>True if a token cancels one of the awaits. Looks at the first thousand or so: this runs for each call that is cancelled.</summary>
    public bool HasToken(CancellationToken token) => HasToken(_byTask.Values, token) || HasToken(_byNumber.All, token);

    /// <summary>Cancels a Python task or future, in a drain. A signal handler that interrupts the call does not prevent the cancellation.</summary>
    /// <remarks>
    /// The end of a runtime cancels each task once: its tokens do, or the end itself. A second request would interrupt the clean-up that the first one has begun, such as
    /// the <c>__aexit__</c> of a context manager.
    /// </remarks>
    public void Cancel(BorrowedReference awaited)
    {
        if (_loop.EndReason is not null && IsCancelling(awaited))
        {
            return;
        }

        if (_loop.IsEnding)
        {
            using NewReference list = CancelledAtEnd();
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), awaited));
        }

        using NewReference held = NewReference.From(awaited);
        for (int attempt = 0; attempt < LoopInterrupts.Maximum; attempt++)
        {
            using NewReference result = held.Borrow().CallMethod(WellKnownNames.Current.Cancel);
            if (!result.IsNull)
            {
                return;
            }

            if (!_loop.TryKeepInterrupt())
            {
                _loop.ReportUnobserved("Cancelling a Python task failed.", ErrorTranslation.TakeForAwaiter(CancellationToken.None));
                return;
            }
        }
    }

    /// <summary>Gets the objects that tokens have cancelled since the loop's runtime began to end, as a Python list.</summary>
    public NewReference CancelledAtEnd()
    {
        if (_cancelledAtEnd.IsNull)
        {
            _cancelledAtEnd.Set(CPython.PyList_New(0).OrThrow());
        }

        return NewReference.From(_cancelledAtEnd.Borrow());
    }

    /// <summary>Abandons every await. No awaiter is added after this.</summary>
    public void Abandon(Exception reason)
    {
        IAwaiter[] all = [.. _byTask.Values, .. _byNumber.TakeAll()];
        _byTask.Clear();
        foreach (IAwaiter awaiter in all)
        {
            awaiter.Abandon(reason);
        }
    }

    public void Dispose()
    {
        _taskCallback.Clear();
        _cancelledAtEnd.Clear();
    }

    /// <summary>True if the cancellation of a task was requested. Futures do not count requests.</summary>
    private static bool IsCancelling(BorrowedReference task)
    {
        using NewReference count = task.CallMethod(WellKnownNames.Current["cancelling"]);
        if (!count.IsNull)
        {
            return CPython.PyObject_IsTrue(count.Borrow()) > 0;
        }

        PythonErrors.Forget();
        return false;
    }

    private static bool HasToken(IEnumerable<IAwaiter> awaiters, CancellationToken token)
    {
        int left = MaxSearched;
        foreach (IAwaiter awaiter in awaiters)
        {
            if (awaiter.Token == token)
            {
                return true;
            }

            if (--left == 0)
            {
                break;
            }
        }

        return false;
    }

    private static NewReference ListOf(IEnumerable<IAwaiter> awaiters)
    {
        using NewReference list = CPython.PyList_New(0).OrThrow();
        foreach (IAwaiter awaiter in awaiters)
        {
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), awaiter.Awaited));
        }

        return NewReference.From(list.Borrow());
    }

    private static void AddDoneCallback(BorrowedReference future, BorrowedReference callback)
    {
        using NewReference result = future.CallMethod(WellKnownNames.Current.AddDoneCallback, callback).OrThrow();
    }

    /// <summary>The callback of all tasks that the bridge made: its argument, the task, identifies the awaiter.</summary>
    private sealed class TaskCallback(PendingAwaits awaits) : PyCallable("pyasync_done")
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            BorrowedReference task = arguments.Borrow(0);
            if (awaits._byTask.Remove(task.Pointer, out IAwaiter? awaiter))
            {
                awaiter.OnDone(task);
            }

            return NewReference.From(InterpreterState.Current.None);
        }
    }

    /// <summary>The callback of one await of a future.</summary>
    private sealed class FutureCallback(PendingAwaits awaits, int number) : PyCallable("pyasync_done")
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            awaits._byNumber.Take(number)?.OnDone(arguments.Borrow(0));
            return NewReference.From(InterpreterState.Current.None);
        }
    }
}
