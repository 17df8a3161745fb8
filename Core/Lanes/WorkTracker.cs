using PyAsync.Interop;

namespace PyAsync.Lanes;

/// <summary>Tracks the work that a runtime has started, so that the runtime's end can wait for it and name the work that does not end.</summary>
internal sealed class WorkTracker
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Several, so that threads that start work at the same time do not wait for each other.
    private readonly Stripe[] _stripes = [new(), new(), new(), new(), new(), new(), new(), new()];
    private int _count = 1; // One for the runtime itself, until it ends.

    /// <summary>Gets a Task that completes when the runtime has ended and no work runs.</summary>
    public Task Idle => _idle.Task;

    /// <summary>Gets the names of the work that runs.</summary>
    public string[] Names
    {
        get
        {
            var names = new List<string>();
            foreach (Stripe stripe in _stripes)
            {
                names.AddRange(Array.ConvertAll(stripe.All, WorkName.Of));
            }

            return [.. names];
        }
    }

    /// <param name="work">The started work.</param>
    /// <param name="source">The caller's delegate, for its name.</param>
    public Task<T> Track<T>(Task<T> work, Delegate source) => Track(work, source, out _);

    /// <inheritdoc cref="Track{T}(Task{T}, Delegate)"/>
    /// <param name="work">The started work.</param>
    /// <param name="source">The caller's delegate, for its name.</param>
    /// <param name="tracked">The entry that represents the work; null if the runtime has ended meanwhile, whose end fired the work's token.</param>
    public Task<T> Track<T>(Task<T> work, Delegate source, out Tracked? tracked)
    {
        if (!TryEnter())
        {
            tracked = null;
            return work;
        }

        Stripe stripe = _stripes[Environment.CurrentManagedThreadId % _stripes.Length];
        tracked = new Tracked(this, stripe, stripe.Add(source));
        work.ContinueWith(
            static (_, tracked) => ((Tracked)tracked!).Leave(),
            tracked,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return work;
    }

    /// <summary>Called when a piece of work has ended and, once, when the runtime accepts no more.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Counts a piece of work.</summary>
    /// <returns>False if <see cref="Idle"/> is completed: the runtime's end no longer waits, and would report the work as late at once.</returns>
    private bool TryEnter()
    {
        int count = Volatile.Read(ref _count);
        while (count > 0)
        {
            int before = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (before == count)
            {
                return true;
            }

            count = before;
        }

        return false;
    }

    /// <summary>A piece of work.</summary>
    internal sealed class Tracked
    {
        private readonly WorkTracker _tracker;
        private readonly Stripe _stripe;
        private readonly int _number;
        private int _isWaitedFor = 1;

        internal Tracked(WorkTracker tracker, Stripe stripe, int number)
        {
            _tracker = tracker;
            _stripe = stripe;
            _number = number;
        }

        /// <summary>Ends the waiting for this work: the runtime's end no longer waits for it, but reports its name.</summary>
        public void GiveUp()
        {
            if (Interlocked.Exchange(ref _isWaitedFor, 0) != 0)
            {
                _tracker.Leave();
            }
        }

        internal void Leave()
        {
            _stripe.Remove(_number);
            GiveUp();
        }
    }

    internal sealed class Stripe
    {
        private readonly Lock _lock = new();
        private readonly NumberedItems<Delegate> _items = new();

        public Delegate[] All
        {
            get
            {
                lock (_lock)
                {
                    return _items.All;
                }
            }
        }

        public int Add(Delegate work)
        {
            lock (_lock)
            {
                return _items.Add(work);
            }
        }

        public void Remove(int number)
        {
            lock (_lock)
            {
                _items.Take(number);
            }
        }
    }
}
