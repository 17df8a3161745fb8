using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Loops;

/// <summary>The outcome of posting an item.</summary>
internal enum PostResult
{
    /// <summary>The item is queued; another poster has woken the loop already.</summary>
    Queued,

    /// <summary>The item is queued into an idle inbox: the poster wakes the loop.</summary>
    QueuedFirst,

    /// <summary>The item is not queued: the inbox is closed.</summary>
    Closed,
}

/// <summary>
/// A loop's queue of requests: any thread posts, the loop's thread takes. While the loop drains, posting is one atomic exchange and needs no
/// wake-up; only the item that finds the inbox idle is answered with <see cref="PostResult.QueuedFirst"/>.
/// </summary>
/// <remarks>
/// Posted items form a stack, which the consumer reverses a batch at a time, so that the order of each poster is kept. A <c>Channel</c> has a lock on
/// the posting side and allocates segments; the benchmark <c>InboxBenchmark</c> compares the two.
/// </remarks>
internal sealed class Inbox
{
    // The head is null while the inbox is idle, one of these marks, or the newest item. The last item's link is a mark or null.
    private static readonly IInboxItem s_draining = new Mark();
    private static readonly IInboxItem s_closed = new Mark();

    private IInboxItem? _head;

    // Used by the consumer only: a reversed batch, oldest first.
    private IInboxItem? _batch;

    /// <summary>True if nothing is queued. From any thread; true is only a momentary value.</summary>
    public bool IsEmpty => _batch is null && Volatile.Read(ref _head) is var head && (head is null || head == s_draining || head == s_closed);

    /// <summary>True if code may wait for one of the queued items. For the consumer only.</summary>
    public bool HasAwaitedItems => HasAwaited(_batch) || HasAwaited(Volatile.Read(ref _head));

    /// <summary>Posts an item. From any thread.</summary>
    public PostResult Post(IInboxItem item)
    {
        IInboxItem? head = Volatile.Read(ref _head);
        while (true)
        {
            if (head == s_closed)
            {
                return PostResult.Closed;
            }

            item.Next = head;
            IInboxItem? seen = Interlocked.CompareExchange(ref _head, item, head);
            if (seen == head)
            {
                return head is null ? PostResult.QueuedFirst : PostResult.Queued;
            }

            head = seen;
        }
    }

    /// <summary>Begins a drain: until <see cref="TryEndDrain"/> the consumer polls the inbox, and posters wake nothing. For the consumer only.</summary>
    public void BeginDrain() => Interlocked.CompareExchange(ref _head, s_draining, null);

    /// <summary>Takes the oldest item. For the consumer only.</summary>
    public bool TryTake([NotNullWhen(true)] out IInboxItem? item)
    {
        if (_batch is null)
        {
            IInboxItem? newest = Volatile.Read(ref _head);
            if (newest == s_closed || newest == s_draining)
            {
                item = null;
                return false;
            }

            newest = Interlocked.Exchange(ref _head, s_draining);
            while (newest is not null && newest != s_draining)
            {
                IInboxItem? older = newest.Next;
                newest.Next = _batch;
                _batch = newest;
                newest = older;
            }
        }

        item = _batch;
        if (item is null)
        {
            return false;
        }

        _batch = item.Next;
        item.Next = null;
        return true;
    }

    /// <summary>Marks the inbox as idle if it is empty, so that the next item wakes the loop. For the consumer only, after <see cref="TryTake"/> found nothing.</summary>
    public bool TryEndDrain() =>
        _batch is null
        && Interlocked.CompareExchange(ref _head, null, s_draining) is var seen
        && (seen == s_draining || seen == s_closed);

    /// <summary>Closes the inbox and returns the remaining items, oldest first, linked. For the consumer only, once.</summary>
    public IEnumerable<IInboxItem> Close()
    {
        var left = new List<IInboxItem>();
        while (TryTake(out IInboxItem? item))
        {
            left.Add(item);
        }

        IInboxItem? newest = Interlocked.Exchange(ref _head, s_closed);
        var last = new Stack<IInboxItem>();
        while (newest is not null && newest != s_draining && newest != s_closed)
        {
            last.Push(newest);
            newest = newest.Next;
        }

        left.AddRange(last);
        return left;
    }

    private static bool HasAwaited(IInboxItem? item)
    {
        for (; item is not null; item = item.Next)
        {
            if (item.IsAwaited)
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Mark : IInboxItem
    {
        public IInboxItem? Next { get; set; }

        public bool IsAwaited => false;

        public bool Run(PythonEventLoop loop) => true;

        public void Abandon(Exception reason)
        {
        }
    }
}
