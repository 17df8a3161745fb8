using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using PyAsync.Interop;

namespace PyAsync.Streams;

/// <summary>.NET items of one type that Python iterates over.</summary>
/// <remarks>
/// A step on the backend returns one item, and fetches those behind it that the enumerator yields without a wait. Python takes these items on the loop's
/// thread, many in one call.
/// </remarks>
internal sealed class DotNetStream<T>(IStreamRuntime runtime, IAsyncEnumerable<T> source, PyConverter<T> converter, int buffer) : DotNetStream(runtime)
{
    private const int ItemsPerCheck = 16;

    private readonly ConcurrentQueue<T> _items = new();
    private readonly StreamChunks _chunks = new(buffer);
    private readonly StepConverter _converter = new(FlowItem.ConverterInUse(converter));
    private IAsyncEnumerator<T>? _enumerator;

    /// <summary>The enumerator's move behind the fetched items: one that needs a wait, the end, or a failure. Null if there is none.</summary>
    private Task<bool>? _move;

    /// <summary>The failure of an item that did not convert, behind the items that were taken before it.</summary>
    private ExceptionDispatchInfo? _unconverted;

    protected override PyObject BeginNext(CallbackArguments arguments, EventLoopContext? context) => Begin(arguments, context, MoveNextAsync, _converter);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Python sees it after the items before it.")]
    protected override NewReference TakeItems()
    {
        Interlocked.Exchange(ref _unconverted, null)?.Throw();
        int count = _items.Count;
        if (count == 0)
        {
            return default;
        }

        using NewReference list = CPython.PyList_New(count).OrThrow();
        int taken = 0;
        _chunks.Begin(); // No step runs: its chunk has ended.
        try
        {
            // Other threads clear the items when the stream ends. Reading the clock costs as much as a conversion, hence not for each item.
            while (taken < count && (taken % ItemsPerCheck != 1 || !_chunks.IsLate) && _items.TryDequeue(out T? item))
            {
                PythonErrors.ThrowIfNegative(CPython.PyList_SetItem(list.Borrow(), taken, _converter.ToReference(item).OrThrow().Steal()));
                taken++;
            }
        }
        catch (Exception e) when (taken > 0)
        {
            _unconverted = ExceptionDispatchInfo.Capture(e);
        }

        if (taken < count)
        {
            PythonErrors.ThrowIfNegative(CPython.PyList_SetSlice(list.Borrow(), taken, count, default));
        }

        return taken == 0 ? default : NewReference.From(list.Borrow());
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Python has ended the iteration before this step.")]
    protected override async ValueTask DisposeEnumeratorAsync()
    {
        while (_items.TryDequeue(out T? item))
        {
            FlowItem.EndUse(item);
        }

        _unconverted = null;
        if (_move is { } move)
        {
            // The enumerator must not be disposed during a move.
            await Stop.CancelAsync().ConfigureAwait(false);
            try
            {
                await move.ConfigureAwait(false);
            }
            catch (Exception)
            {
                // See above.
            }
        }

        // Not kept: it may hold the exception that it ended with, whose traceback may refer to the iterator, and so to this object.
        if (Interlocked.Exchange(ref _enumerator, null) is { } enumerator)
        {
            await enumerator.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<T> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (!IsEnding)
        {
            // The step before has fetched it after TakeItems() had found that step running: another task reads the same stream.
            if (_items.TryDequeue(out T? fetched))
            {
                return fetched;
            }

            try
            {
                // An enumerator has one token for its whole life: cancelling one step ends the iteration.
                using CancellationTokenRegistration cancel = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), Stop);
                _enumerator ??= source.GetAsyncEnumerator(Stop.Token);
                ValueTask<bool> move = BeginMove();
                if (!move.IsCompletedSuccessfully)
                {
                    // The code below may run on another thread than the lane's: the enumerator makes no further move in this step.
                    _chunks.Restart();
                    if (await move.ConfigureAwait(false))
                    {
                        return Current(_enumerator);
                    }
                }
                else if (move.Result)
                {
                    T item = Current(_enumerator);
                    FetchMore(_enumerator);
                    return item;
                }
            }
            catch (OperationCanceledException e) when (Stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                await EndAsync().ConfigureAwait(false);
                if (!IsDropped)
                {
                    throw new StopAsyncIterationException(); // An earlier step was cancelled, and the enumerator ends now.
                }

                // This is no time-out in the enumerator, hence the exception has no token.
                throw new OperationCanceledException(e.Message, e);
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

    private static T Current(IAsyncEnumerator<T> enumerator)
    {
        T item = enumerator.Current;
        FlowItem.BeginUse(item);
        return item;
    }

    /// <summary>Begins the move to the next item, unless the previous step has.</summary>
    private ValueTask<bool> BeginMove()
    {
        if (_move is { } begun)
        {
            _move = null;
            _chunks.Restart();
            return new ValueTask<bool>(begun);
        }

        _chunks.Begin();
        return _enumerator!.MoveNextAsync();
    }

    /// <summary>Fetches the items of a chunk behind the first, up to one that is not available at once.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Python sees it after the items before it.")]
    private void FetchMore(IAsyncEnumerator<T> enumerator)
    {
        int count = 1;
        try
        {
            while (count < _chunks.Size && !_chunks.IsLate)
            {
                ValueTask<bool> move = enumerator.MoveNextAsync();
                if (!move.IsCompletedSuccessfully)
                {
                    _move = move.AsTask();
                    return;
                }

                if (!move.Result)
                {
                    _move = Task.FromResult(false);
                    return;
                }

                _items.Enqueue(Current(enumerator));
                count++;
            }
        }
        catch (Exception e)
        {
            _move = Task.FromException<bool>(e);
            return;
        }

        _chunks.End(count);
    }

    /// <summary>Converts an item, and ends the use that has kept it until then: the enumerator may have disposed it.</summary>
    private sealed class StepConverter(PyConverter<T> converter) : ReferenceConverter<T>
    {
        internal override NewReference ToReference(T value)
        {
            try
            {
                return converter.ToReference(value);
            }
            finally
            {
                FlowItem.EndUse(value);
            }
        }

        internal override T FromReference(BorrowedReference value) => converter.FromReference(value);
    }
}
