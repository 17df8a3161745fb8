using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// One reading of a Python async iterable: a Python coroutine writes items into a channel. It may be ahead of the reader by a limited number of items;
/// each item that the reader takes lets it fetch another.
/// </summary>
internal sealed class PythonStream<T>(IStreamRuntime runtime, EventLoopContext context, Func<PyObject> source, PyConverter<T> converter, int buffer, CancellationToken cancellationToken)
    : IAsyncEnumerator<T>
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Channel<T> _items = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    // Fires only when the pump has ended. If it were the pump's own token, the pump would be cancelled twice: through its awaitable, and again while it
    // cleans up.
    private readonly CancellationTokenSource _ended = new();

    // The pump has one place from the start, which it need not acquire.
    private readonly SemaphoreSlim _room = new(buffer - 1);
    private Task? _pump;
    private T? _current;

    /// <summary>The number of items that Python has produced. Used on the loop's thread only.</summary>
    private int _count;

    public T Current => _current!;

    public async ValueTask<bool> MoveNextAsync()
    {
        _pump ??= Start();
        while (true)
        {
            if (_items.Reader.TryRead(out _current))
            {
                _room.Release();
                return true;
            }

            if (!await _items.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
            {
                await _pump.ConfigureAwait(false); // Throws the exception that ended it.
                return false;
            }
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "What ended the pump has been seen by MoveNextAsync, or the reader did not want to see it.")]
    public async ValueTask DisposeAsync()
    {
        if (_pump is not null)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            try
            {
                await _pump.ConfigureAwait(false);
            }
            catch (Exception)
            {
                // See above.
            }
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task Start()
    {
        try
        {
            await runtime.IntoFuture(context, StartPump, PyConvert.None, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        finally
        {
            _items.Writer.TryComplete();
        }
    }

    /// <summary>Starts the pump's coroutine. On the loop's thread.</summary>
    private PyObject StartPump()
    {
        using PyObject iterable = source() ?? throw new InvalidOperationException("The source of a stream returned null; it must return an async iterable.");
        using PyObject put = PyFunction.Create("put", Put);
        return CoreModules.Current.Streams("pump").Call(iterable.Reference, put.Reference).ToPyObject();
    }

    private PyObject? Put(CallbackArguments arguments)
    {
        // Messages of a failed conversion name the item rather than this function, which user code does not call.
        try
        {
            _items.Writer.TryWrite(converter.FromReference(arguments.Borrow(0)));
            _count++;
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {_count} of the stream"))
        {
            throw;
        }

        return _room.Wait(0, CancellationToken.None)
            ? null
            : runtime.FutureIntoPy(_room.WaitAsync(_ended.Token));
    }
}

/// <summary>A Python async iterable. Each enumerator reads it from its beginning.</summary>
internal sealed class PythonStreamSource<T>(IStreamRuntime runtime, EventLoopContext? context, Func<PyObject> source, PyConverter<T> converter, int buffer)
    : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new PythonStream<T>(runtime, context ?? runtime.CaptureContext(), source, converter, buffer, cancellationToken);
}
