using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The reader of a channel whose items come from a Python queue (<c>asyncio.Queue</c>). Made by
/// <see cref="FlowExtensions.IntoChannelReader{T}(IRuntime, PyObject, PyConverter{T}, int)"/>.
/// </summary>
/// <remarks>
/// <para><see cref="WaitToReadAsync"/> takes an item from the queue, and those that are available behind it, up to the buffer's size: no item is taken
/// before a reader asks for one. <see cref="TryRead"/> reads the items that were taken. <c>task_done()</c> is called for the items that were read when
/// the reader waits for the next one, and when it is disposed.</para>
/// <para>Disposing stops reading, and returns the items that were taken but not read to the front of the queue. Every member may be called from any
/// thread, and takes no GIL.</para>
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It is disposable, asynchronously.")]
public sealed class PythonQueueReader<T> : ChannelReader<T>, IAsyncDisposable
{
    private readonly IRuntime _runtime;
    private readonly PyObject _queue;
    private readonly PyConverter<T> _converter;
    private readonly int _buffer;
    private readonly ConcurrentQueue<T> _items = new();

    /// <summary>Held while an item is read and counted: it is either read or returned to the queue.</summary>
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The Python object that takes the items. Created on the loop's thread.</summary>
    private PyObject? _taker;

    /// <summary>The failure of an item that did not convert, behind the items that were taken before it.</summary>
    private Exception? _failure;
    private volatile bool _hasEnded;
    private long _read;

    internal PythonQueueReader(IRuntime runtime, PyObject queue, PyConverter<T> converter, int buffer)
    {
        _runtime = runtime;
        _queue = queue.Clone();
        _converter = converter;
        _buffer = buffer;
    }

    /// <summary>
    /// Gets a Task that completes when the queue has ended and its last item was read, or the reader was disposed. It fails with the exception that
    /// reading failed with.
    /// </summary>
    public override Task Completion => _completion.Task;

    /// <inheritdoc/>
    public override bool CanCount => true;

    /// <summary>Gets the number of items that were taken from the queue and not read yet.</summary>
    public override int Count => _items.Count;

    /// <summary>Reads an item that was taken from the queue. False if there is none: <see cref="WaitToReadAsync"/> takes the next ones.</summary>
    public override bool TryRead([MaybeNullWhen(false)] out T item)
    {
        lock (_lock)
        {
            if (!_items.TryDequeue(out item))
            {
                return false;
            }

            Interlocked.Increment(ref _read);
        }

        CompleteIfEmpty();
        return true;
    }

    /// <summary>Waits for an item of the queue, and takes it.</summary>
    /// <param name="cancellationToken">Cancels the wait. No item is lost: one that was taken meanwhile is the next to read.</param>
    /// <returns>True if there is an item to read; false if the queue has ended (it was shut down), or the reader was disposed.</returns>
    /// <exception cref="InvalidCastException">An item does not convert. The queue has lost that item; the next call continues behind it.</exception>
    /// <exception cref="EventLoopClosedException">The queue's loop is closed.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken)
            : !_items.IsEmpty ? new ValueTask<bool>(true)
            : new ValueTask<bool>(TakeAsync(cancellationToken));

    /// <summary>Stops reading, and returns the items that were taken but not read to the front of the queue.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_completion.TrySetResult() && _taker is { } taker)
            {
                long read;
                lock (_lock)
                {
                    while (_items.TryDequeue(out T? unread))
                    {
                        FlowItem.Drop(unread);
                    }

                    read = _read;
                }

                await _runtime.CallMethodAsync(taker, "give_back", [read], PyConvert.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsOfClosedLoop(e))
        {
            // The queue has gone with its loop.
        }
        finally
        {
            _hasEnded = true;
            _turn.Release();
            _taker?.Dispose();
            _queue.Dispose();
        }
    }

    private static bool IsOfClosedLoop(Exception e) => e is EventLoopClosedException or ObjectDisposedException or OperationCanceledException or NoRunningLoopException;

    private void CompleteIfEmpty()
    {
        if (_hasEnded && _items.IsEmpty)
        {
            _completion.TrySetResult();
        }
    }

    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource? linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token) : null;
        CancellationToken token = linked?.Token ?? _stop.Token;
        try
        {
            await _turn.WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return IsStopped(cancellationToken);
        }

        try
        {
            return await TakeNowAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return !_items.IsEmpty || IsStopped(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends a wait that was cancelled: with false if the reader was disposed.</summary>
    private static bool IsStopped(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return false;
    }

    /// <summary>Takes items, one call at a time.</summary>
    private async Task<bool> TakeNowAsync(CancellationToken token)
    {
        if (!_items.IsEmpty)
        {
            return true;
        }

        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            Interlocked.Increment(ref _read); // The item that did not convert.
            throw failure;
        }

        if (_hasEnded || _completion.Task.IsCompleted)
        {
            CompleteIfEmpty();
            await _completion.Task.ConfigureAwait(false); // Throws the exception that reading failed with.
            return false;
        }

        try
        {
            _hasEnded = !await _runtime.IntoFuture(Take, PyConvert.Boolean, token).ConfigureAwait(false);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            _completion.TrySetException(e);
            _ = _completion.Task.Exception; // The caller sees it.
            throw;
        }

        return await TakeNowAsync(token).ConfigureAwait(false);
    }

    /// <summary>Starts the taking coroutine. On the loop's thread.</summary>
    private PyObject Take()
    {
        if (_taker is null)
        {
            using PyObject type = FlowModules.Current["queues", "Taker"];
            _taker = type.Call([_queue]);
        }

        // For this call only: a function that the taker kept would be a reference cycle across the boundary.
        using PyObject put = PyFunction.Create("put", Put);
        return _taker.CallMethod("take", [put, Interlocked.Read(ref _read)]);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The reader sees it behind the items before it.")]
    private PyObject Put(CallbackArguments arguments)
    {
        try
        {
            Add(arguments.Borrow(0));
            return PyConvert.Boolean.ToPython(_items.Count < _buffer);
        }
        catch (Exception e)
        {
            _failure = e;
            return PyConvert.Boolean.ToPython(false);
        }
    }

    private void Add(BorrowedReference item)
    {
        try
        {
            _items.Enqueue(_converter.FromReference(item));
        }
        catch (Exception e) when (ConversionErrors.At(e, "an item of the queue"))
        {
            throw;
        }
    }
}
