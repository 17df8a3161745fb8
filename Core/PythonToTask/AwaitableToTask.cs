using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>
/// A request to await a Python awaitable, from the call until its outcome: the inbox item, the awaiter and the source of the Task
/// in one object. It is recycled once the Task is completed, so that a call which finishes at once allocates nothing but its Task.
/// </summary>
/// <remarks>
/// Each field costs 8 bytes for every suspended coroutine, so several have two uses. The Task is made by an async method's builder:
/// it is the smallest one, and completing it runs the continuations synchronously, which <see cref="CompletionQueue"/> does on the pool.
/// </remarks>
internal partial class AwaitableToTask<T> : IAwaiter, ICancellableRequest, ICompletion
{
    /// <summary>The source of the awaitable, until the await has started; the exception, if the request ended with one.</summary>
    private AwaitableSource _source;

    /// <summary>Null once the outcome is available.</summary>
    private PyConverter<T>? _converter;

    private EventLoopContext? _context;
    private AsyncTaskMethodBuilder<T> _builder;
    private OwnedReference _awaited;
    private T? _result;

    public IInboxItem? Next { get; set; }

    public EventLoopContext Context => _context!;

    public BorrowedReference Awaited => _awaited.Borrow();

    public bool HasToken => Token.CanBeCanceled;

    public Task Task => _builder.Task;

    /// <summary>Gets the caller's token.</summary>
    public virtual CancellationToken Token => default;

    private PythonEventLoop Loop => (PythonEventLoop)_context!.Loop;

    /// <summary>Posts a request to await something to a loop. Starts it at once if the calling code runs on the loop and nothing else is queued.</summary>
    /// <param name="context">The loop, and the context to run in.</param>
    /// <param name="source">The source of the awaitable.</param>
    /// <param name="converter">Converts the outcome.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="EventLoopClosedException">The loop is closed; an awaitable that was passed in is closed as well.</exception>
    public static Task<T> Post(EventLoopContext context, AwaitableSource source, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        var loop = (PythonEventLoop)context.Loop;
        AwaitableToTask<T> request = cancellationToken.CanBeCanceled ? new CancellableAwaitableToTask<T>() : RequestPool<T>.Take() ?? new AwaitableToTask<T>();
        request._source = source;
        request._converter = converter;
        request._context = ContextCapture.WithCallers(context);
        request._builder = AsyncTaskMethodBuilder<T>.Create();
        if (context.CompletesOnLoop && EntryFromPython.IsOnLane && loop.MayStartNow)
        {
            return request.StartNow(loop, cancellationToken);
        }

        // The Task must be read before the post: the request may complete, and be recycled, as soon as it is visible to the loop.
        Task<T> task = request._builder.Task;
        if (!request.Register(cancellationToken))
        {
            DiscardItem.Post(loop, source);
            return Task.FromCanceled<T>(cancellationToken);
        }

        var route = context.CompletionRoute as CompletionQueue;
        route?.BeginRequest();
        if (!loop.TryPost(request))
        {
            route?.EndRequest();
            request.Unregister();
            source.Discard();
            throw new EventLoopClosedException();
        }

        return task;
    }

    public bool Run(PythonEventLoop loop)
    {
        if (loop.EndReason is { } reason)
        {
            Abandon(reason);
        }
        else if (Token.IsCancellationRequested)
        {
            Discard();
            Fail(new OperationCanceledException(Token));
        }
        else
        {
            Start(loop);
        }

        return true;
    }

    public void OnDone(BorrowedReference awaited)
    {
        using NewReference result = Loop.Asyncio.Task.ResultOf(awaited);
        if (result.IsNull)
        {
            CancellationToken token = Token;
            Fail(ErrorTranslation.TakeForAwaiter(token.IsCancellationRequested ? token : CancellationToken.None));
        }
        else
        {
            OnReturned(result.Borrow());
        }
    }

    public void CancelOnLoop()
    {
        // NULL: not started yet, in which case the start will check the token; or done.
        if (_awaited.IsNull)
        {
            return;
        }

        Loop.Awaits.Cancel(_awaited.Borrow());
    }

    public void Abandon(Exception reason)
    {
        Discard();
        Fail(reason);
    }

    /// <summary>Called while the call, or the first step of an eager task, does not return.</summary>
    public void AbandonRunning(Exception reason) => Fail(reason);

    /// <summary>Completes the Task, and runs its continuations on this thread.</summary>
    public void Complete() => _ = SetOutcome();

    public void Execute() => Complete();

    /// <summary>Registers the cancellation of the request with the token, if there is one.</summary>
    /// <returns>False if the token has fired.</returns>
    protected virtual bool Register(CancellationToken cancellationToken) => true;

    /// <summary>Undoes the registration with the token.</summary>
    protected virtual void Unregister()
    {
    }

    /// <summary>Clears all fields, so that the thread's next call can reuse the request.</summary>
    protected virtual void Recycle()
    {
        _builder = default;
        _source = default;
        _context = null;
        _result = default;
        RequestPool<T>.Return(this);
    }

    /// <summary>Completes the Task. It must be the last use of this object, which may be recycled for another request at once.</summary>
    private Task<T> SetOutcome()
    {
        AsyncTaskMethodBuilder<T> builder = _builder;
        Exception? failure = _source.Failure;
        T? result = _result;
        (_context!.CompletionRoute as CompletionQueue)?.EndRequest();
        if (!Loop.IsAbandoned)
        {
            Recycle(); // The thread of an abandoned loop may still use the request.
        }

        if (failure is null)
        {
            builder.SetResult(result!);
        }
        else
        {
            builder.SetException(failure);
        }

        return builder.Task;
    }

    /// <summary>Starts the request without the inbox. On the loop's thread, in code of a lane that runs on the loop.</summary>
    private Task<T> StartNow(PythonEventLoop loop, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !Register(cancellationToken))
        {
            Discard();
            return Task.FromCanceled<T>(cancellationToken);
        }

        loop.StartingNow = this;
        Start(loop);
        loop.StartingNow = null;
        if (_converter is null)
        {
            // The outcome is set: a builder that has made no Task yet may return a shared one.
            return SetOutcome();
        }

        return _builder.Task;
    }

    /// <summary>Starts the await, in the request's context; every failure becomes the outcome.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the awaiter's.")]
    private void Start(PythonEventLoop loop)
    {
        RequestScope scope = default;
        try
        {
            scope = RequestScope.Enter(_context!, _source.RunsCode);
            AwaitableSource source = _source;
            _source = default;
            using var start = AwaitStart.Of(loop, source.Create(), source.MayBeValue);
            if (_converter is null)
            {
                return; // Abandoned meanwhile.
            }

            switch (start.Kind)
            {
                case AwaitStartKind.Value:
                    OnReturned(start.Awaited);
                    break;
                case AwaitStartKind.DoneTask:
                    OnDone(start.Awaited);
                    break;
                case AwaitStartKind.Task:
                    loop.Awaits.WatchTask(start.Awaited, this);
                    _awaited.Set(NewReference.From(start.Awaited));
                    break;
                default:
                    // Must be set before the watch: a future that is not asyncio's may call back at once, and then this object is recycled for another
                    // request.
                    _awaited.Set(NewReference.From(start.Awaited));
                    loop.Awaits.WatchFuture(start.Awaited, this);
                    break;
            }
        }
        catch (Exception e)
        {
            Abandon(e); // Discards a source that was not used.
        }
        finally
        {
            scope.Exit();
        }
    }
}
