namespace PyAsync.Loops;

/// <summary>A Task to be completed, with the continuations that run when it is. The item links itself into its queue, as into the inbox before.</summary>
internal interface ICompletion : IInboxItem, IThreadPoolWorkItem
{
    /// <summary>Completes the Task. Does not throw; user code in continuations may take any time.</summary>
    void Complete();

    /// <summary>Gets the Task. Must not be read after <see cref="Complete"/>.</summary>
    Task Task { get; }
}

/// <summary>
/// Passes outcomes from a loop's thread to the place where Tasks are completed, a burst at a time: one work item completes them one after another.
/// Before it completes the first one, it requests a second work item, which continues with the rest, so that a continuation that blocks does not delay
/// the others.
/// </summary>
/// <param name="request">Requests a run of <see cref="Execute"/> there.</param>
/// <param name="requestOne">Requests the completion of a single outcome there, which needs no queue; null if there is no shortcut.</param>
internal sealed class CompletionQueue(Action<CompletionQueue> request, Action<ICompletion>? requestOne = null) : CompletionRoute, IThreadPoolWorkItem
{
    /// <summary>Maximum completions per work item, so that one burst cannot monopolise a worker.</summary>
    private const int Batch = 1_000;

    private readonly Lock _lock = new();

    // Items added since the last flush. The GIL guards them.
    private IInboxItem? _addedFirst;
    private IInboxItem? _addedLast;

    private IInboxItem? _first;
    private IInboxItem? _last;
    private int _requested;
    private int _inFlight;

    /// <summary>Creates a queue that completes on the thread pool.</summary>
    public static CompletionQueue OnPool() =>
        new(
            static queue => ThreadPool.UnsafeQueueUserWorkItem(queue, preferLocal: false),
            static completion => ThreadPool.UnsafeQueueUserWorkItem(completion, preferLocal: false));

    /// <summary>Gets the number of requests in flight that will be added here, or are queued here. From any thread.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Called when a request begins whose outcome will be added here.</summary>
    public void BeginRequest() => Interlocked.Increment(ref _inFlight);

    /// <summary>Called when the outcome has been taken, or the request was not begun.</summary>
    public void EndRequest() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Adds an outcome. It is not completed before <see cref="Flush"/>. Both need the GIL.</summary>
    public void Add(ICompletion completion)
    {
        completion.Next = null;
        if (_addedLast is null)
        {
            _addedFirst = completion;
        }
        else
        {
            _addedLast.Next = completion;
        }

        _addedLast = completion;
    }

    /// <summary>Makes sure that a work item completes the outcomes that were added.</summary>
    public void Flush()
    {
        if (_addedLast is null)
        {
            return;
        }

        if (requestOne is not null && _addedFirst == _addedLast)
        {
            var one = (ICompletion)_addedFirst!;
            _addedFirst = null;
            _addedLast = null;
            requestOne(one);
            return;
        }

        lock (_lock)
        {
            if (_last is null)
            {
                _first = _addedFirst;
            }
            else
            {
                _last.Next = _addedFirst;
            }

            _last = _addedLast;
        }

        _addedFirst = null;
        _addedLast = null;
        Request();
    }

    /// <summary>Completes the queued outcomes.</summary>
    public void Execute()
    {
        // Must come first: an outcome that is added after it is either seen here, or requests its own work item.
        Interlocked.Exchange(ref _requested, 0);
        ICompletion? completion = Take(out bool more);
        if (more)
        {
            Request();
        }

        for (int done = 1; completion is not null; done++)
        {
            completion.Complete();
            if (done == Batch)
            {
                Request();
                return;
            }

            completion = Take(out _);
        }
    }

    private ICompletion? Take(out bool more)
    {
        lock (_lock)
        {
            IInboxItem? first = _first;
            _first = first?.Next;
            if (_first is null)
            {
                _last = null;
            }

            more = _first is not null;
            return (ICompletion?)first;
        }
    }

    private void Request()
    {
        if (Interlocked.Exchange(ref _requested, 1) == 0)
        {
            request(this);
        }
    }
}
