using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The writer of a channel whose items go into a Python queue (<c>asyncio.Queue</c>). Made by
/// <see cref="FlowExtensions.IntoChannelWriter{T}(IRuntime, PyObject, PyConverter{T}, int)"/>.
/// </summary>
/// <remarks>
/// <para><see cref="WriteAsync"/> completes when the queue has the item. <see cref="TryWrite"/> returns true when the item is on its way: at most as many
/// items as the buffer holds are. A full queue (<c>maxsize</c>) holds up both.</para>
/// <para><c>Complete</c> shuts the queue down behind the last item. <c>asyncio.Queue.shutdown()</c> exists from Python 3.13 on; on older Pythons
/// <c>pyasync.Queue</c> has it, and into other queues the class <c>pyasync.QueueShutDown</c> itself is put, as the last item.
/// <see cref="Completion"/> completes after that. Every member may be called from any thread, and takes no GIL.</para>
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
public sealed class PythonQueueWriter<T> : ChannelWriter<T>
{
    private static readonly PyConverter<bool?> s_outcome = PyConvert.Nullable(PyConvert.Boolean);

    private readonly IRuntime _runtime;
    private readonly PyObject _queue;
    private readonly PyConverter<T> _converter;
    private readonly int _buffer;
    private readonly Lock _lock = new();
    private readonly LinkedList<Item> _items = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _room = NewSource();
    private CancellationTokenSource? _feeding;
    private Item? _placing;
    private Exception? _error;
    private bool _isComplete;
    private bool _isClosed;

    internal PythonQueueWriter(IRuntime runtime, PyObject queue, PyConverter<T> converter, int buffer)
    {
        _runtime = runtime;
        _queue = queue.Clone();
        _converter = converter;
        _buffer = buffer;
    }

    /// <summary>
    /// Gets a Task that completes when the channel is complete, the queue has all its items, and is shut down. It fails with a
    /// <see cref="ChannelClosedException"/> if the queue was shut down, or its loop closed, before the queue had all items.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>Writes an item if there is room for it.</summary>
    /// <returns>False if the buffer is full or the channel is complete.</returns>
    public override bool TryWrite(T item) => TryAdd(new Item(item, null));

    /// <summary>Waits for room.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>False if the channel is complete, or the queue was shut down.</returns>
    public override async ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task room;
            lock (_lock)
            {
                if (_isComplete || _isClosed)
                {
                    return _error is null ? false : throw new ChannelClosedException(_error);
                }

                if (_items.Count < _buffer)
                {
                    return true;
                }

                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes an item, and waits until the queue has it.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Cancels the wait: then the queue does not get the item.</param>
    /// <exception cref="ChannelClosedException">The channel is complete, the queue was shut down, or its loop is closed.</exception>
    /// <exception cref="MissingConverterException">The item does not convert.</exception>
    public override async ValueTask WriteAsync(T item, CancellationToken cancellationToken = default)
    {
        var written = new Item(item, NewSource());
        while (!TryAdd(written))
        {
            if (!await WaitToWriteAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new ChannelClosedException(_error);
            }
        }

        using CancellationTokenRegistration cancel = cancellationToken.UnsafeRegister(static state => ((Action)state!)(), () => Withdraw(written, cancellationToken));
        await written.Placed!.Task.ConfigureAwait(false);
    }

    /// <summary>Completes the channel: the queue is shut down behind the last item.</summary>
    /// <param name="error">
    /// The reason of an abnormal end. A Python queue cannot hold it: it goes to the exception handler of the queue's loop, and later writers get it.
    /// </param>
    /// <returns>False if the channel was complete.</returns>
    public override bool TryComplete(Exception? error = null)
    {
        lock (_lock)
        {
            if (_isComplete || _isClosed)
            {
                return false;
            }

            _isComplete = true;
            _error = error;
            WakeWriters();
            Feed();
        }

        if (error is not null)
        {
            Report(error);
        }

        return true;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool TryAdd(Item item)
    {
        lock (_lock)
        {
            if (_isComplete || _isClosed || _items.Count >= _buffer)
            {
                return false;
            }

            _items.AddLast(item);
            Feed();
            return true;
        }
    }

    private void WakeWriters()
    {
        TaskCompletionSource room = _room;
        _room = NewSource();
        room.TrySetResult();
    }

    private void Withdraw(Item item, CancellationToken cancellationToken)
    {
        CancellationTokenSource? feeding;
        lock (_lock)
        {
            if (_items.Remove(item))
            {
                WakeWriters();
                item.Placed!.TrySetCanceled(cancellationToken);
                return;
            }

            // The queue is full: Python's put() is cancelled.
            item.CancellationToken = cancellationToken;
            feeding = _placing == item ? _feeding : null;
        }

        feeding?.Cancel();
    }

    /// <summary>Starts the coroutine that puts the items, unless it runs. With the lock.</summary>
    private void Feed()
    {
        if (_feeding is null)
        {
            _feeding = new CancellationTokenSource();
            _ = Task.Run(() => FeedAsync(_feeding));
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It closes the channel, and its writers see it.")]
    private async Task FeedAsync(CancellationTokenSource feeding)
    {
        try
        {
            if (await _runtime.IntoFuture(StartFeeding, s_outcome, feeding.Token).ConfigureAwait(false) is { } isPlaced)
            {
                Close(null, wasShutDown: !isPlaced);
            }
        }
        catch (OperationCanceledException) when (feeding.IsCancellationRequested)
        {
            lock (_lock)
            {
                if (_placing is { CancellationToken: { IsCancellationRequested: true } withdrawn })
                {
                    _placing.Placed!.TrySetCanceled(withdrawn);
                }
                else if (_placing is not null)
                {
                    _items.AddFirst(_placing); // The one before it was withdrawn, and had been placed meanwhile.
                }

                _placing = null;
                _feeding = null;
                if (_items.Count > 0 || _isComplete)
                {
                    Feed();
                }
            }
        }
        catch (Exception e)
        {
            Close(e, wasShutDown: false);
        }
    }

    /// <summary>Starts the coroutine. On the loop's thread.</summary>
    private PyObject StartFeeding()
    {
        using PyObject feed = FlowModules.Current["queues", "feed"];
        using PyObject take = PyFunction.Create("take", Take);
        return feed.Call([_queue, take]);
    }

    /// <summary>Called by Python for the next item, when the queue has the previous one.</summary>
    private PyObject? Take(CallbackArguments arguments)
    {
        lock (_lock)
        {
            _placing?.Placed?.TrySetResult();
            _placing = null;
            while (_items.First is { Value: var item })
            {
                _items.RemoveFirst();
                WakeWriters();
                if (TryConvert(item) is { } converted)
                {
                    _placing = item;
                    return converted;
                }
            }

            if (_isComplete)
            {
                return PyConvert.Boolean.ToPython(false);
            }

            _feeding = null;
            return null;
        }
    }

    /// <summary>Makes a tuple of an item; null if the item does not convert, which its writer sees.</summary>
    private PyObject? TryConvert(Item item)
    {
        try
        {
            return PyConvert.Tuple(_converter).ToPython(ValueTuple.Create(item.Value));
        }
        catch (Exception e) when (item.Placed is not null)
        {
            item.Placed.TrySetException(e);
            return null;
        }
    }

    private void Close(Exception? reason, bool wasShutDown)
    {
        List<Item> left;
        lock (_lock)
        {
            left = [.. _items];
            if (_placing is not null)
            {
                left.Insert(0, _placing);
            }

            _items.Clear();
            _placing = null;
            _isClosed = true;
            _error ??= reason;
            WakeWriters();
        }

        foreach (Item item in left)
        {
            item.Placed?.TrySetException(new ChannelClosedException(reason));
        }

        if (left.Count > 0 || reason is not null)
        {
            string cause = wasShutDown ? "The queue was shut down" : "The channel was closed";
            _completion.TrySetException(new ChannelClosedException($"{cause} before the queue had {left.Count} of its items.", reason));
            _ = _completion.Task.Exception; // The writers see it.
        }
        else
        {
            _completion.TrySetResult();
        }

        _queue.Dispose();
    }

    private void Report(Exception error)
    {
        try
        {
            _runtime.GetCurrentLoop().Post(static error => throw new ChannelClosedException("A channel into a Python queue was completed with an error.", (Exception)error!), error);
        }
        catch (EventLoopClosedException)
        {
            // No Python code reads the queue any more.
        }
    }

    private sealed class Item(T value, TaskCompletionSource? placed)
    {
        public T Value { get; } = value;

        /// <summary>Gets the source of the writer's Task; null if no writer waits.</summary>
        public TaskCompletionSource? Placed { get; } = placed;

        public CancellationToken CancellationToken { get; set; }
    }
}
