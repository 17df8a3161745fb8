using PyAsync.Interop;

namespace PyAsync;

/// <summary>.NET items that Python iterates over. The enumerator runs on the backend, one step at a time.</summary>
internal sealed class DotNetStream<T>(Runtime runtime, IAsyncEnumerable<T> source, PyConverter<T> converter)
{
    private readonly CancellationTokenSource _stop = new();
    private IAsyncEnumerator<T>? _enumerator;
    private int _busy;
    private bool _ended;
    private volatile bool _isDropped;

    /// <summary>The Python async iterator. Needs the GIL.</summary>
    public PyObject CreateIterator(EventLoopContext? context)
    {
        using PyObject moveNext = PyFunction.Create("__anext__", _ => Begin(context, MoveNextAsync, converter));
        using PyObject close = PyFunction.Create("aclose", _ => Begin(context, CloseAsync, PyConvert.None));
        using PyObject drop = PyFunction.Create("pyasync_drop", Drop);
        return CoreModules.Current.Streams("AsyncIterator").Call(moveNext.Reference, close.Reference, drop.Reference).ToPyObject();
    }

    /// <summary>Starts one step, unless one is under way. On the thread that called, so that of two calls the first wins.</summary>
    private PyObject Begin<TResult>(EventLoopContext? context, Func<CancellationToken, Task<TResult>> step, PyConverter<TResult> stepConverter)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            return runtime.FutureIntoPy(context, Task.FromException<TResult>(new StreamBusyException()), stepConverter);
        }

        try
        {
            return runtime.StartIntoPy(context, RunStep, stepConverter, evenIfCancelled: true).ToPyObject();
        }
        catch
        {
            Volatile.Write(ref _busy, 0); // Not started: no loop runs here, or the runtime ends.
            throw;
        }

        async Task<TResult> RunStep(CancellationToken ct)
        {
            try
            {
                return await step(ct).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Exchange(ref _busy, 0);
                if (_isDropped)
                {
                    await EndAsync().ConfigureAwait(false); // Nobody asks for another, and who dropped it found this one under way.
                }
            }
        }
    }

    private async Task<T> MoveNextAsync(CancellationToken ct)
    {
        if (!_ended)
        {
            try
            {
                // An enumerator has one token for its whole life: cancelling one step ends the iteration.
                using CancellationTokenRegistration cancel = ct.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
                _enumerator ??= source.GetAsyncEnumerator(_stop.Token);
                if (await _enumerator.MoveNextAsync().ConfigureAwait(false))
                {
                    return _enumerator.Current;
                }
            }
            catch (Exception)
            {
                await EndAsync().ConfigureAwait(false);
                throw;
            }

            await EndAsync().ConfigureAwait(false);
        }

        throw new StopAsyncIterationException();
    }

    private async Task<object?> CloseAsync(CancellationToken ct)
    {
        await EndAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Python dropped the iterator. On whatever thread, with the GIL held: only starts the end.</summary>
    private void Drop()
    {
        if (!_ended)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static stream => _ = stream.EndDroppedAsync(), this, preferLocal: false);
        }
    }

    private async Task EndDroppedAsync()
    {
        _isDropped = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        if (Interlocked.CompareExchange(ref _busy, 0, 0) == 0)
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    private async Task EndAsync()
    {
        if (!Interlocked.Exchange(ref _ended, true) && _enumerator is not null)
        {
            await _enumerator.DisposeAsync().ConfigureAwait(false);
        }
    }
}

/// <summary>Two steps of an iteration at a time; Python sees a <c>RuntimeError</c>, as from its own async generators.</summary>
internal sealed class StreamBusyException() : InvalidOperationException("anext(): asynchronous iterator is already running"), IPythonExceptionName
{
    string IPythonExceptionName.PythonName => "RuntimeError";
}
