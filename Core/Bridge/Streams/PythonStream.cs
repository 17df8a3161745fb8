using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// One reading of a Python async iterable: a Python coroutine pumps items into a channel. It may be ahead of the reader by a number
/// of items; each item that is taken lets it fetch another.
/// </summary>
internal sealed class PythonStream<T>(Runtime runtime, EventLoopContext context, Func<PyObject> source, PyConverter<T> converter, int buffer, CancellationToken ct)
    : IAsyncEnumerator<T>
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    private readonly Channel<T> _items = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    // Fires only when the pump has ended. Were it the pump's own token, the pump would be cancelled twice: by what it awaits, and by
    // itself while it cleans up.
    private readonly CancellationTokenSource _ended = new();

    // One place is the pump's from the start, without asking.
    private readonly SemaphoreSlim _room = new(buffer - 1);
    private Task? _pump;
    private T? _current;

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
                await _pump.ConfigureAwait(false); // Throws what ended it.
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
        catch (OperationCanceledException e) when (ct.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, ct);
        }
        finally
        {
            _items.Writer.TryComplete();
        }
    }

    /// <summary>The pump's coroutine. On the loop's thread.</summary>
    private PyObject StartPump()
    {
        using PyObject iterable = source() ?? throw new InvalidOperationException("The source of a stream gave null; it has to give an async iterable.");
        using PyObject put = PyFunction.Create("pyasync_put", Put);
        return CoreModules.Current.Streams("pump").Call(iterable.Reference, put.Reference).ToPyObject();
    }

    private PyObject? Put(CallbackArguments arguments)
    {
        _items.Writer.TryWrite(arguments.Get(0, converter));
        return _room.Wait(0, CancellationToken.None)
            ? null
            : runtime.FutureIntoPy(context: null, _room.WaitAsync(_ended.Token));
    }
}

/// <summary>A Python async iterable, read anew by each enumerator.</summary>
internal sealed class PythonStreamSource<T>(Runtime runtime, EventLoopContext? context, Func<PyObject> source, PyConverter<T> converter, int buffer)
    : IAsyncEnumerable<T>
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new PythonStream<T>(runtime, context ?? runtime.CaptureContext(), source, converter, buffer, cancellationToken);
}
