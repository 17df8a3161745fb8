using PyAsync.Interop;

namespace PyAsync;

// Awaitable to Task: the Python objects under way, and who waits for each.
internal sealed partial class PythonEventLoop : ICoroutineOwner
{
    private readonly CompletionQueue _completions = CompletionQueue.OnPool();
    private readonly List<CompletionQueue> _laneCompletions = [];
    private readonly Queue<ICompletion> _completionsHere = new();

    // The request of the thread that is waking the loop.
    private ICompletion? _posting;
    private readonly List<Task> _settling = [];
    private OwnedReference _doneCallback;

    /// <summary>What .NET awaits on this loop.</summary>
    internal PendingAwaits Awaits { get; } = new();

    /// <summary>How coroutines are started on this loop.</summary>
    internal CoroutineStarter Starter { get; }

    /// <summary>The request that is being started without having gone through the inbox; null for none.</summary>
    internal object? StartingNow { get; set; }

    /// <summary>Whether code on the loop's thread may start a request at once: nothing was posted before it, and no request is being started.</summary>
    internal bool MayStartNow => StartingNow is null && EndReason is null && !Starter.IsBusy && _inbox.IsEmpty;

    void ICoroutineOwner.OnReturned(int id, BorrowedReference value)
    {
        if (Awaits.Take(id) is not { } awaiter)
        {
            return;
        }

        if (CoroutineStarter.WillBeCancelled(awaiter.Awaited))
        {
            TellWhenDone(awaiter);
        }
        else
        {
            awaiter.OnReturned(value);
        }
    }

    void ICoroutineOwner.OnRaised(int id)
    {
        if (Awaits.Take(id) is { } awaiter)
        {
            TellWhenDone(awaiter);
        }
    }

    /// <summary>Awaits an object of Python's: makes a task of a coroutine, watches a future. Throws if it is no awaitable.</summary>
    /// <param name="awaitable">Any object; borrowed.</param>
    /// <param name="awaiter">Told when it is done, perhaps before this returns.</param>
    internal void Await(BorrowedReference awaitable, IAwaiter awaiter)
    {
        switch (AwaitableKind.Of(awaitable))
        {
            case AwaitableKind.Kind.Coroutine:
                AwaitTask(TaskStarter.Start(this, awaitable), awaiter);
                break;
            case AwaitableKind.Kind.Future:
                AwaitFuture(awaitable, awaiter);
                break;
            case AwaitableKind.Kind.Awaitable:
                AwaitTask(AsyncioObjects.Current.EnsureFuture.CallWithKeywords(awaitable, AsyncioObjects.Current.LoopKeyword, Reference).OrThrow(), awaiter);
                break;
            default:
                throw new PythonTypeErrorException($"A Python '{PyText.TypeName(CPython.Py_TYPE(awaitable))}' cannot be awaited: a coroutine, a future or an object with __await__ is needed.");
        }
    }

    /// <summary>Hands an outcome to whoever completes Tasks: the pool, a lane, or this thread once Python's code has returned.</summary>
    internal void Complete(ICompletion completion, object? route)
    {
        if (route == EventLoopContext.OnLoopRoute && !_closed)
        {
            _completionsHere.Enqueue(completion);
            DrainSoon();
            return;
        }

        if (EndReason is not null)
        {
            _settling.Add(completion.Task);
        }

        if (_posting == completion && Interlocked.CompareExchange(ref _posting, null, completion) == completion)
        {
            return; // Whoever posted it is not back yet, and completes it.
        }

        CompletionQueue queue = route as CompletionQueue ?? _completions;
        queue.Add(completion);
        if (!_drainIsDue)
        {
            queue.Flush();
        }
        else if (queue != _completions && !_laneCompletions.Contains(queue))
        {
            _laneCompletions.Add(queue);
        }
    }

    /// <summary>
    /// A thread is about to post a request that may wake the loop. On a busy machine the loop is often done with it before the waking thread
    /// is back from the system call: then that thread has the outcome at once, and nothing has to be brought to it.
    /// </summary>
    /// <returns>Whether it has to ask with <see cref="EndPosting"/>, as one thread at a time does.</returns>
    internal bool BeginPosting(ICompletion request) => _inbox.IsIdle && Interlocked.CompareExchange(ref _posting, request, null) is null;

    /// <summary>The thread is back.</summary>
    /// <returns>False if the outcome is there: it is the caller's to complete.</returns>
    internal bool EndPosting(ICompletion request) => Interlocked.CompareExchange(ref _posting, null, request) == request;

    /// <summary>Has the outcomes of so far dealt with.</summary>
    private void FlushCompletions()
    {
        _completions.Flush();
        foreach (CompletionQueue queue in _laneCompletions)
        {
            queue.Flush();
        }

        _laneCompletions.Clear();
    }

    /// <summary>The Tasks that the end of the loop's runtime has ended, and that the pool is about to complete. After the end.</summary>
    internal Task WhenSettled() => Task.WhenAll(_settling);

    /// <summary>What .NET awaits, as a Python list: its failures have somebody to see them.</summary>
    internal NewReference AwaitedTasks() => ListOfAwaited(Awaits.All);

    /// <summary>Those of the tasks that .NET awaits which were made here, as a Python list.</summary>
    internal NewReference OwnTasks() =>
        ListOfAwaited(Awaits.ByObject.Concat(Awaits.ByNumber.Where(static awaiter => AdoptedTask.IsOneOfOurs(awaiter.Awaited))));

    private static NewReference ListOfAwaited(IEnumerable<IAwaiter> awaiters)
    {
        using NewReference list = CPython.PyList_New(0).OrThrow();
        foreach (IAwaiter awaiter in awaiters)
        {
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), awaiter.Awaited));
        }

        return NewReference.From(list.Borrow());
    }

    /// <summary>Cancels what .NET awaits without a token, soon, on the loop's thread. From any thread.</summary>
    internal void CancelAwaitedSoon() =>
        TryPost(new CallbackItem(
            static state =>
            {
                // The awaited objects, not the awaiters: an awaiter that ends meanwhile may become another's.
                var loop = (PythonEventLoop)state!;
                PyObject[] awaited = [.. loop.Awaits.All.Where(static awaiter => !awaiter.HasToken).Select(static awaiter => PyObject.FromBorrowed(awaiter.Awaited))];
                foreach (PyObject o in awaited)
                {
                    loop.CancelNow(o.Reference);
                    o.Dispose();
                }
            },
            this));

    /// <summary>Cancels a Python task or future, in a drain. A signal's handler that breaks that off does not keep it from happening.</summary>
    internal void CancelNow(BorrowedReference awaited)
    {
        using NewReference held = NewReference.From(awaited);
        for (int attempt = 0; attempt < MaxInterrupts; attempt++)
        {
            using NewReference result = held.Borrow().CallMethod(PythonInterpreter.Current.Names.Cancel);
            if (!result.IsNull)
            {
                return;
            }

            if (!TryKeepInterrupt())
            {
                ReportUnobserved("Cancelling a Python task failed.", PythonErrors.TakeForAwaiter(CancellationToken.None));
                return;
            }
        }
    }

    /// <summary>Gives up on whatever is still under way.</summary>
    internal void AbandonAwaited(Exception reason)
    {
        foreach (IAwaiter awaiter in Awaits.TakeAll())
        {
            awaiter.Abandon(reason);
        }
    }

    /// <summary>A task of our own making: nobody else awaits it here, so that one callback and its address find the awaiter.</summary>
    private void AwaitTask(NewReference started, IAwaiter awaiter)
    {
        using NewReference task = started;
        if (TaskStarter.MayBeDone && IsDone(task.Borrow()))
        {
            awaiter.OnDone(task.Borrow());
            return;
        }

        AddDoneCallback(task.Borrow(), _doneCallback.Borrow());
        Awaits.Add(task.Borrow(), awaiter);
        awaiter.OnStarted(task.Borrow());
    }

    /// <summary>A future of somebody's, of this loop; asyncio too refuses those of others.</summary>
    private void AwaitFuture(BorrowedReference future, IAwaiter awaiter)
    {
        using NewReference loop = future.CallMethod(PythonInterpreter.Current.Names.GetLoop);
        if (loop.IsNull)
        {
            PythonErrors.Forget(); // A future-like object without get_loop: taken at its word.
        }
        else if (loop.Borrow() != Reference)
        {
            throw new ArgumentException("The future belongs to another event loop. Await it there: give the call that loop's EventLoopContext.");
        }

        // Any number of awaits may wait for one future: each has a callback of its own.
        int number = Awaits.Add(awaiter);
        try
        {
            // Told first: a future that is not asyncio's might call back at once, and the awaiter be another's then.
            awaiter.OnStarted(future);
            using PyObject callback = PyFunction.Create(new FutureCallback(this, number), doc: null);
            AddDoneCallback(future, callback.Reference);
        }
        catch (Exception)
        {
            Awaits.Take(number);
            throw;
        }
    }

    /// <summary>The coroutine of a task has ended, and the task itself says in a moment with what.</summary>
    private void TellWhenDone(IAwaiter awaiter)
    {
        AddDoneCallback(awaiter.Awaited, _doneCallback.Borrow());
        Awaits.Add(awaiter.Awaited, awaiter);
    }

    private static void AddDoneCallback(BorrowedReference future, BorrowedReference callback)
    {
        using NewReference result = future.CallMethod(PythonInterpreter.Current.Names.AddDoneCallback, callback).OrThrow();
    }

    /// <summary>Whether a future of asyncio's, or one like it, is done.</summary>
    internal static bool IsDone(BorrowedReference future)
    {
        using NewReference done = future.CallMethod(PythonInterpreter.Current.Names.Done).OrThrow();
        return done.Borrow() == PythonInterpreter.Current.Objects.True;
    }

    private NewReference CreateDoneCallback()
    {
        using PyObject callback = PyFunction.Create(new TaskCallback(this), "Tells .NET that a task which it awaits is done.");
        return NewReference.From(callback.Reference);
    }

    /// <summary>One callback for all tasks of ours: the task that it is called with tells whose it is.</summary>
    private sealed class TaskCallback(PythonEventLoop loop) : PyCallable("pyasync_done")
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            BorrowedReference task = arguments.Borrow(0);
            loop.Awaits.Take(task)?.OnDone(task);
            return NewReference.From(PythonInterpreter.Current.None);
        }
    }

    /// <summary>The callback of one await of somebody else's future.</summary>
    private sealed class FutureCallback(PythonEventLoop loop, int number) : PyCallable("pyasync_done")
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            loop.Awaits.Take(number)?.OnDone(arguments.Borrow(0));
            return NewReference.From(PythonInterpreter.Current.None);
        }
    }
}
