using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// A request to await something of Python's, from the call until its outcome: the inbox item, the awaiter and the source of the Task
/// in one. It is used again once the Task is completed, so that a call which finishes at once allocates nothing but its Task.
/// </summary>
/// <remarks>
/// Each field costs 8 bytes for every coroutine that is parked, hence their double use. The Task is made by an async method's builder:
/// it is the smallest there is, and completing it runs the continuations at once, which <see cref="CompletionQueue"/> does on the pool.
/// </remarks>
internal class AwaitableToTask<T> : IInboxItem, IAwaiter, ICompletion
{
    // One is enough: the continuation of an await, which makes the next call, runs on the thread that has just completed this one.
    [ThreadStatic]
    private static AwaitableToTask<T>? t_free;

    // And one for all threads: a Task that is completed before it is awaited leaves its request with the thread that completed it, while
    // the next call is made by the other.
    private static AwaitableToTask<T>? s_free;

    /// <summary>What to await (see <see cref="AwaitableSource"/>), until it has started; after the end, the exception that it ended with.</summary>
    private object? _source;

    /// <summary>Null once the outcome is there.</summary>
    private PyConverter<T>? _converter;

    private EventLoopContext? _context;
    private AsyncTaskMethodBuilder<T> _builder;
    private OwnedReference _awaited;
    private T? _result;

    public IInboxItem? Next { get; set; }

    public EventLoopContext Context => _context!;

    public BorrowedReference Awaited => _awaited.Borrow();

    public bool HasToken => Token.CanBeCanceled;

    public bool MayBeValue => AwaitableSource.MayBeValue(_source!);

    public bool RunsCode => AwaitableSource.RunsCode(_source!);

    public Task Task => _builder.Task;

    /// <summary>The caller's token.</summary>
    protected virtual CancellationToken Token => default;

    private PythonEventLoop Loop => (PythonEventLoop)_context!.Loop;

    /// <summary>Asks a loop to await something; at once, if the calling code is the loop's and nothing else waits for it.</summary>
    /// <param name="context">Where, and with what around it.</param>
    /// <param name="source">What: see <see cref="AwaitableSource"/>.</param>
    /// <param name="converter">Converts the outcome.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="EventLoopClosedException">The loop is closed; an awaitable that was handed over is closed as well.</exception>
    public static Task<T> Post(EventLoopContext context, object source, PyConverter<T> converter, CancellationToken ct)
    {
        var loop = (PythonEventLoop)context.Loop;
        AwaitableToTask<T> request = ct.CanBeCanceled ? new CancellableAwaitableToTask<T>() : TakeFree() ?? new AwaitableToTask<T>();
        request._source = source;
        request._converter = converter;
        request._context = ContextCapture.WithCallers(context);
        request._builder = AsyncTaskMethodBuilder<T>.Create();
        if (context.CompletesOnLoop && EntryFromPython.Lane is not null && loop.MayStartNow)
        {
            return request.StartNow(loop, ct);
        }

        // Before posting: the request may be done, and be another one, as soon as it is posted.
        Task<T> task = request._builder.Task;
        if (!request.Register(ct))
        {
            DiscardItem.Post(loop, source);
            return Task.FromCanceled<T>(ct);
        }

        bool mayBeBackLate = loop.BeginPosting(request);
        bool isPosted = loop.TryPost(request);
        if (mayBeBackLate && !loop.EndPosting(request))
        {
            request.Complete(); // Nobody has the Task yet: what awaits it goes on without a wait.
        }

        if (!isPosted)
        {
            request.Unregister();
            AwaitableSource.Discard(source);
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
            loop.Starter.Start(this);
        }

        return true;
    }

    public NewReference CreateAwaitable()
    {
        object source = _source!;
        _source = null;
        return AwaitableSource.Create(source);
    }

    public void OnStarted(BorrowedReference awaited) => _awaited.Set(NewReference.From(awaited));

    public void OnDone(BorrowedReference awaited)
    {
        using NewReference result = awaited.CallMethod(PythonInterpreter.Current.Names.Result);
        if (result.IsNull)
        {
            CancellationToken token = Token;
            Fail(PythonErrors.TakeForAwaiter(token.IsCancellationRequested ? token : CancellationToken.None));
        }
        else
        {
            OnReturned(result.Borrow());
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Every failure is the awaiter's.")]
    public void OnReturned(BorrowedReference value)
    {
        if (_converter is not { } converter)
        {
            return;
        }

        try
        {
            _result = converter.FromReference(value);
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        End();
    }

    public void Fail(Exception exception)
    {
        if (_converter is not null)
        {
            _source = Settle.ForAwaiter(exception, Token);
            End();
        }
    }

    public void CancelOnLoop()
    {
        // NULL: not started yet, then its turn will see the token; or done.
        if (_awaited.IsNull)
        {
            return;
        }

        Loop.CancelNow(_awaited.Borrow());
    }

    public void Abandon(Exception reason)
    {
        Discard();
        Fail(reason);
    }

    /// <summary>Completes the Task, and runs its continuations here.</summary>
    public void Complete() => _ = SetOutcome();

    public void Execute() => Complete();

    /// <summary>Has the token, if there is one, cancel the request when it fires.</summary>
    /// <returns>False if it has fired.</returns>
    protected virtual bool Register(CancellationToken ct) => true;

    /// <summary>The token is no longer listened to.</summary>
    protected virtual void Unregister()
    {
    }

    /// <summary>Forgets everything, to be used again by the thread's next call.</summary>
    protected virtual void Recycle()
    {
        _builder = default;
        _source = null;
        _context = null;
        _result = default;
        if (t_free is null)
        {
            t_free = this;
        }
        else if (s_free is null)
        {
            // Two at a time may do this: one of them is dropped.
            Volatile.Write(ref s_free, this);
        }
    }

    private static AwaitableToTask<T>? TakeFree()
    {
        // The shared one first, so that there is room for the next. Looked at before: in a burst, which leaves nothing there, nobody is to
        // take the cache line from the others.
        if (s_free is not null && Interlocked.Exchange(ref s_free, null) is { } shared)
        {
            return shared;
        }

        AwaitableToTask<T>? own = t_free;
        t_free = null;
        return own;
    }

    /// <summary>Completes the Task, which must be the last thing to do with this: it may be another request at once.</summary>
    private Task<T> SetOutcome()
    {
        AsyncTaskMethodBuilder<T> builder = _builder;
        var failure = (Exception?)_source;
        T? result = _result;
        Recycle();
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

    /// <summary>Starts without going through the inbox. On the loop's thread, in code of a lane that is the loop's.</summary>
    private Task<T> StartNow(PythonEventLoop loop, CancellationToken ct)
    {
        if (ct.IsCancellationRequested || !Register(ct))
        {
            Discard();
            return Task.FromCanceled<T>(ct);
        }

        loop.StartingNow = this;
        loop.Starter.Start(this);
        loop.StartingNow = null;
        if (_converter is null)
        {
            // Done: a builder that has made no task yet may give a shared one.
            return SetOutcome();
        }

        return _builder.Task;
    }

    /// <summary>The outcome is there: the Task is completed elsewhere.</summary>
    private void End()
    {
        _converter = null;
        _awaited.Clear();
        Unregister();
        if (Loop.StartingNow == this)
        {
            return; // StartNow looks for itself.
        }

        Loop.Complete(this, Context.CompletionRoute);
    }

    private void Discard()
    {
        if (_source is { } source)
        {
            _source = null;
            AwaitableSource.Discard(source);
        }
    }
}
