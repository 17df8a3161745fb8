using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using PyAsync.Interop;

namespace PyAsync.Streams;

/// <summary>
/// One reading of a Python async iterable. A Python coroutine, the pump, collects items and hands them over in chunks. It may be ahead of the reader by a
/// limited number of items. A pump that has reached the limit resumes when the reader has taken half of the items.
/// </summary>
/// <remarks>The reader waits for this object itself, so that a wait allocates nothing and continues where the reader's code asks for it.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It is disposable, asynchronously.")]
internal sealed class PythonStream<T>(IStreamRuntime runtime, EventLoopContext context, Func<PyObject> source, PyConverter<T> converter, int buffer, CancellationToken cancellationToken)
    : IAsyncEnumerator<T>, IValueTaskSource<bool>
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly ConcurrentQueue<T> _items = new();
    private readonly StreamChunks _chunks = new(buffer);
    private ManualResetValueTaskSourceCore<bool> _arrival = new() { RunContinuationsAsynchronously = true };

    /// <summary>The number of the item that the reader waits for, counted from 1; 0 if the reader does not wait.</summary>
    private long _awaited;
    private Task? _pump;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _isComplete;
    private T? _current;
    private volatile bool _isDisposed;

    /// <summary>True if the reader has seen the exception that the pump ended with.</summary>
    private bool _isFailureSeen;

    /// <summary>The pump's wait for room; null if the pump does not wait.</summary>
    private StreamRoom? _room;

    // The number of items that the reader has taken, and that Python has produced. Each has one writer.
    private long _taken;
    private long _produced;

    public T Current => _current!;

    public ValueTask<bool> MoveNextAsync()
    {
        _pump ??= Start();
        if (TryTake())
        {
            return new ValueTask<bool>(true);
        }

        _arrival.Reset();
        Interlocked.Exchange(ref _awaited, _taken + 1);

        // The pump may have handed over the item, or have ended, before it could see that the reader waits.
        return (_isComplete || !_items.IsEmpty) && Interlocked.Exchange(ref _awaited, 0) != 0
            ? TryTake() ? new ValueTask<bool>(true) : AfterLastItem()
            : new ValueTask<bool>(this, _arrival.Version);
    }

    public async ValueTask DisposeAsync()
    {
        bool isFirst = !Interlocked.Exchange(ref _isDisposed, true);
        bool hadEnded = _isComplete;
        if (_pump is not null)
        {
            if (isFirst)
            {
                await _stop.CancelAsync().ConfigureAwait(false);
            }

            await _pump.ConfigureAwait(false);
        }

        if (!isFirst)
        {
            return;
        }

        while (_items.TryDequeue(out T? unread))
        {
            FlowItem.Drop(unread);
        }

        _stop.Dispose();
        if (!_isFailureSeen && _failure is { SourceException: not (OperationCanceledException or EventLoopClosedException or ObjectDisposedException) } failure)
        {
            if (!hadEnded)
            {
                failure.Throw(); // The exception of a finally block, as C#'s own generators throw it here, and Python's aclose() raises it.
            }

            Report(failure.SourceException);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _arrival.GetResult(token);
        if (TryTake())
        {
            return true;
        }

        _isFailureSeen = true;
        _failure?.Throw();
        return false;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _arrival.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _arrival.OnCompleted(continuation, state, token, flags);

    private bool TryTake()
    {
        if (!_items.TryDequeue(out _current))
        {
            return false;
        }

        // A full fence: the pump publishes its wait, then reads the count.
        Interlocked.Increment(ref _taken);
        if (Volatile.Read(ref _room) is not null)
        {
            GiveRoom();
        }

        return true;
    }

    private ValueTask<bool> AfterLastItem()
    {
        _isFailureSeen = true;
        return _failure is null ? new ValueTask<bool>(false) : ValueTask.FromException<bool>(_failure.SourceException);
    }

    /// <summary>Reports a failure ahead of a reader that has left before it.</summary>
    private void Report(Exception failure)
    {
        const string Message = "A Python generator failed ahead of a reader in .NET, which stopped early.";
        var loop = (PythonEventLoop)context.Loop;
        try
        {
            loop.Post(() => loop.ReportUnobserved(Message, failure));
        }
        catch (EventLoopClosedException)
        {
            loop.ReportUnobserved(Message, failure);
        }
    }

    /// <summary>Runs the pump. Does not fail: the exception that ended the pump is kept for the reader.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The reader sees it after the last item.")]
    private async Task Start()
    {
        try
        {
            await runtime.IntoFuture(context, StartPump, PyConvert.None, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            _failure = ExceptionDispatchInfo.Capture(new OperationCanceledException(e.Message, e, cancellationToken));
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
        }

        _isComplete = true;
        WakeReader();
    }

    /// <summary>Starts the pump's coroutine. On the loop's thread.</summary>
    private PyObject StartPump()
    {
        using PyObject iterable = source() ?? throw new InvalidOperationException("The source of a stream returned null; it must return an async iterable.");
        using PyObject put = PyFunction.Create("put", Put);
        return CoreModules.Current.Streams("pump").Call(iterable.Reference, put.Reference).ToPyObject();
    }

    /// <summary>
    /// Takes a chunk from the pump: a list of items, and a value that is true if the pump has been suspended since the previous chunk. The list is empty
    /// when the pump ends.
    /// </summary>
    /// <returns>
    /// The size of the next chunk, 0 if the loop is to have a turn before it, -1 if the reader has stopped; or an awaitable of the size, if there is no room.
    /// </returns>
    private PyObject? Put(CallbackArguments arguments)
    {
        BorrowedReference items = arguments.Borrow(0);
        int count = (int)CPython.PyList_Size(items);
        if (count == 0)
        {
            Interlocked.Exchange(ref _room, null)?.Dispose(); // The pump was cancelled while it waited.
            return null;
        }

        try
        {
            for (int i = 0; i < count; i++)
            {
                Add(CPython.PyList_GetItem(items, i));
            }
        }
        finally
        {
            WakeReader();
        }

        if (_isDisposed)
        {
            return PyConvert.Int32.ToPython(-1);
        }

        int size = _chunks.Next(count, wasSuspended: arguments.Borrow(1) == InterpreterState.Current.True);
        int room = Room;
        return room == 0 ? WaitForRoom() : PyConvert.Int32.ToPython(Math.Min(size, room));
    }

    private void Add(BorrowedReference item)
    {
        // Messages of a failed conversion name the item rather than this function, which user code does not call.
        try
        {
            _items.Enqueue(converter.FromReference(item));
            _produced++;
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {_produced} of the stream"))
        {
            throw;
        }
    }

    /// <summary>Gets the number of items that the pump may produce now.</summary>
    private int Room => (int)(buffer - (_produced - Volatile.Read(ref _taken)));

    private bool HasRoomToResume => Room >= buffer - (buffer / 2);

    private PyObject WaitForRoom()
    {
        var room = new StreamRoom((PythonEventLoop)context.Loop);
        PyObject future = room.CloneFuture();
        Interlocked.Exchange(ref _room, room);
        GiveRoom(); // The reader may have taken items before it could see that the pump waits.
        return future;
    }

    /// <summary>Lets the pump resume if there is room.</summary>
    private void GiveRoom()
    {
        if (HasRoomToResume && Interlocked.Exchange(ref _room, null) is { } room)
        {
            room.Size = Math.Min(_chunks.Size, Room);
            if (!((PythonEventLoop)context.Loop).TryPost(room))
            {
                room.Dispose(); // The loop is closed.
            }
        }
    }

    /// <summary>Wakes the reader, if it waits for an item that is available, or if there is no further item.</summary>
    /// <remarks>The number of the awaited item distinguishes one wait from the next: meanwhile the reader may have taken the item, and wait for another.</remarks>
    private void WakeReader()
    {
        long awaited = Interlocked.Read(ref _awaited);
        if (awaited != 0 && (_isComplete || _produced >= awaited) && Interlocked.CompareExchange(ref _awaited, 0, awaited) == awaited)
        {
            _arrival.SetResult(true);
        }
    }
}

/// <summary>A Python async iterable. Each enumerator reads it from its beginning.</summary>
internal sealed class PythonStreamSource<T>(IStreamRuntime runtime, EventLoopContext? context, Func<PyObject> source, PyConverter<T> converter, int buffer)
    : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new PythonStream<T>(runtime, context ?? runtime.CaptureContext(), source, converter, buffer, cancellationToken);
}
