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
public sealed partial class PythonQueueWriter<T> : ChannelWriter<T>
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
        _converter = FlowItem.ConverterInUse(converter);
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
    /// <exception cref="ChannelClosedException">The channel was completed with an error, or has failed: the inner exception.</exception>
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

            FlowItem.BeginUse(item.Value);
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
                FlowItem.EndUse(item.Value);
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

    private sealed class Item(T value, TaskCompletionSource? placed)
    {
        public T Value { get; } = value;

        /// <summary>Gets the source of the writer's Task; null if no writer waits.</summary>
        public TaskCompletionSource? Placed { get; } = placed;

        public CancellationToken CancellationToken { get; set; }
    }
}
