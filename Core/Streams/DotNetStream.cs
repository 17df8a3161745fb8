using PyAsync.Interop;

namespace PyAsync.Streams;

/// <summary>.NET items that Python iterates over. The enumerator runs on the backend, one step at a time; a step may fetch several items.</summary>
/// <remarks>This class has the code that does not depend on the type of the items: a native module has the code of <see cref="DotNetStream{T}"/> once for each type.</remarks>
internal abstract class DotNetStream(IStreamRuntime runtime)
{
    private int _busy;
    private TaskCompletionSource? _ending;
    private TaskCompletionSource? _lastStep;
    private volatile bool _isDropped;

    /// <summary>The source of the enumerator's token.</summary>
    protected CancellationTokenSource Stop { get; } = new();

    /// <summary>True once the stream ends, or has ended.</summary>
    protected bool IsEnding => _ending is not null;

    /// <summary>True if Python has dropped the iterator, or the run of its loop ends.</summary>
    protected bool IsDropped => _isDropped;

    /// <summary>The Python async iterator. Needs the GIL.</summary>
    public PyObject CreateIterator(EventLoopContext? context)
    {
        using PyObject take = PyFunction.Create("take", _ => Take());
        using PyObject moveNext = PyFunction.Create("__anext__", arguments => BeginNext(arguments, context));
        using PyObject close = PyFunction.Create("aclose", arguments => Begin(arguments, context, CloseAsync, PyConvert.None, evenIfEnding: true));
        using PyObject drop = PyFunction.Create("pyasync_drop", arguments =>
        {
            Drop(arguments[0]);
            return null;
        });
        using PyObject end = PyFunction.Create("aclose", _ => EndWithLoop());
        CallArguments functions = [take, moveNext, close, drop, end];
        return functions.Call(CoreModules.Current.Streams("AsyncIterator")).ToPyObject();
    }

    /// <summary>Starts the step to the next item.</summary>
    protected abstract PyObject BeginNext(CallbackArguments arguments, EventLoopContext? context);

    /// <summary>Converts items that earlier steps have fetched, if there are any. On the loop's thread, while no step runs.</summary>
    /// <returns>A list of one item or more; null if there is none.</returns>
    protected abstract NewReference TakeItems();

    /// <summary>Drops the fetched items, and disposes the enumerator, if there is one.</summary>
    protected abstract ValueTask DisposeEnumeratorAsync();

    private PyObject? Take()
    {
        NewReference items = Volatile.Read(ref _busy) == 0 ? TakeItems() : default;
        return items.IsNull ? null : items.ToPyObject();
    }

    /// <summary>Starts one step, unless one is under way. On the thread that called, so that of two calls the first wins.</summary>
    protected PyObject Begin<TResult>(CallbackArguments arguments, EventLoopContext? context, Func<CancellationToken, Task<TResult>> step, PyConverter<TResult> stepConverter, bool evenIfEnding = false)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            return runtime.FutureIntoPy(context, ValueTask.FromException<TResult>(new StreamBusyException()), stepConverter, CancelBehavior.Abandon);
        }

        try
        {
            NewReference future = runtime.StartIntoPy(context, RunStep, stepConverter, evenIfCancelled: true, evenIfEnding: evenIfEnding);

            // As the awaitable of an async generator does: "await anext(stream())" has no other reference to the iterator, whose end cancels the step.
            FutureObject.KeepWhilePending(future.Borrow(), arguments.Borrow(0));
            return future.ToPyObject();
        }
        catch
        {
            Volatile.Write(ref _busy, 0); // The step was not started: no loop runs here, or the runtime ends.
            throw;
        }

        async Task<TResult> RunStep(CancellationToken cancellationToken)
        {
            try
            {
                return await step(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Interlocked.Exchange(ref _busy, 0);
                if (_isDropped)
                {
                    await EndAsync().ConfigureAwait(false); // There is no further step, and the code that ended the stream found this step running.
                    Volatile.Read(ref _lastStep)?.TrySetResult();
                }
            }
        }
    }

    private async Task<object?> CloseAsync(CancellationToken cancellationToken)
    {
        await EndAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Called when Python has dropped the iterator. On any thread, with the GIL held: only starts the end.</summary>
    /// <param name="ending">The object that the loop closes when its run ends, kept until the stream is closed, so that the loop waits for it; or <c>None</c>.</param>
    private void Drop(PyObject ending)
    {
        if (_ending is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static item => _ = item.Stream.EndDroppedAsync(item.Ending), (Stream: this, Ending: ending), preferLocal: false);
        }
        else
        {
            ending.Dispose();
        }
    }

    private async Task EndDroppedAsync(PyObject ending)
    {
        using (ending)
        {
            await EndNowAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Called when the run of the loop ends and the stream is open: <c>loop.shutdown_asyncgens()</c> awaits the returned object. On the loop's thread.</summary>
    private PyObject EndWithLoop()
    {
        try
        {
            return runtime.StartIntoPy(context: null, EndAllAsync, PyConvert.None, evenIfCancelled: true, evenIfEnding: true).ToPyObject();
        }
        catch (ObjectDisposedException)
        {
            // The backend of the runtime has ended before the loop.
            return StartedWork.IntoPy(LoopRegistry.Current.Running(settings: null) ?? throw new NoRunningLoopException(), Task.Run(EndNowAsync), null, CancelBehavior.Wait, isCall: false).ToPyObject();
        }

        async Task<object?> EndAllAsync(CancellationToken cancellationToken)
        {
            await EndNowAsync().ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Ends the stream, after the running step, whose token fires.</summary>
    private async Task EndNowAsync()
    {
        var lastStep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lastStep = Interlocked.CompareExchange(ref _lastStep, lastStep, null) ?? lastStep;
        _isDropped = true;
        await Stop.CancelAsync().ConfigureAwait(false);
        if (Interlocked.CompareExchange(ref _busy, 0, 0) == 0)
        {
            await EndAsync().ConfigureAwait(false);
        }
        else
        {
            await lastStep.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Disposes the enumerator, once. A further call waits for that, and does not fail.</summary>
    protected async Task EndAsync()
    {
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _ending, ending, null) is { } first)
        {
            await first.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            await DisposeEnumeratorAsync().ConfigureAwait(false);
        }
        finally
        {
            ending.SetResult();
        }
    }
}

/// <summary>Python made two steps of an iteration at the same time; it sees a <c>RuntimeError</c>, as from its own async generators.</summary>
internal sealed class StreamBusyException() : InvalidOperationException("anext(): asynchronous iterator is already running"), IPythonExceptionName
{
    string IPythonExceptionName.PythonName => "RuntimeError";
}
