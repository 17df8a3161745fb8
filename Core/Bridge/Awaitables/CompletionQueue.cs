namespace PyAsync;

/// <summary>A Task that can be completed, and continuations that completing it runs. Links itself into its queue, as into the inbox before.</summary>
internal interface ICompletion : IInboxItem, IThreadPoolWorkItem
{
    /// <summary>Completes it. Does not throw; may take as long as user code likes.</summary>
    void Complete();

    /// <summary>The Task; not to be asked for after <see cref="Complete"/>.</summary>
    Task Task { get; }
}

/// <summary>
/// Brings outcomes from a loop's thread to where Tasks are completed, a burst at a time: one work item there takes them one after
/// another. Before it completes the first it asks for a second one to go on with the rest, so that a continuation which blocks holds
/// up no other.
/// </summary>
/// <param name="request">Has <see cref="Execute"/> run there.</param>
/// <param name="requestOne">Has a single outcome dealt with there, which needs no queue; null if that is nothing special there.</param>
internal sealed class CompletionQueue(Action<CompletionQueue> request, Action<ICompletion>? requestOne = null) : IThreadPoolWorkItem
{
    /// <summary>So many by one work item, then the other work there has its turn.</summary>
    private const int Batch = 1_000;

    private readonly Lock _lock = new();

    // What was added since the last flush. Whoever adds holds the GIL.
    private IInboxItem? _addedFirst;
    private IInboxItem? _addedLast;

    private IInboxItem? _first;
    private IInboxItem? _last;
    private int _requested;

    /// <summary>One for the thread pool.</summary>
    public static CompletionQueue OnPool() =>
        new(
            static queue => ThreadPool.UnsafeQueueUserWorkItem(queue, preferLocal: false),
            static completion => ThreadPool.UnsafeQueueUserWorkItem(completion, preferLocal: false));

    /// <summary>Adds an outcome; it is not dealt with before <see cref="Flush"/>. Needs the GIL, as that.</summary>
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

    /// <summary>Makes sure that somebody deals with what was added.</summary>
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

    /// <summary>Completes what is there.</summary>
    public void Execute()
    {
        // First: what is added from here on is seen here, or asks for a work item of its own.
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
