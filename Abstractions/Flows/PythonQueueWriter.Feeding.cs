using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync;

// The coroutine that puts the items into the queue. It runs as long as there are items.
public sealed partial class PythonQueueWriter<T>
{
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
                    FlowItem.EndUse(_placing.Value);
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
            if (_placing is not null)
            {
                FlowItem.EndUse(_placing.Value);
                _placing.Placed?.TrySetResult();
                _placing = null;
            }

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
            FlowItem.EndUse(item.Value);
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
            FlowItem.EndUse(item.Value);
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
}
