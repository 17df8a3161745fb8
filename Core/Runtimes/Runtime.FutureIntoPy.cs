using PyAsync.Interop;

namespace PyAsync.Runtimes;

internal sealed partial class Runtime
{
    public PyObject FutureIntoPy<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait) =>
        FutureIntoPy(null, work, converter, cancel);

    public PyObject FutureIntoPy<T>(ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(null, started, converter, cancel);

    internal PyObject FutureIntoPy<T>(EventLoopContext? context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(converter);
        return StartIntoPy(context, work, converter, cancel).ToPyObject();
    }

    /// <summary>Starts work for the extension that makes Python functions, without a PyObject around the awaitable.</summary>
    NewReference IRuntime.StartIntoPy<T>(CallbackArguments arguments, PyAsyncFunctionBody<T> start, PyConverter<T> converter, CancelBehavior cancel)
    {
        EventLoopContext? here = Choice.RecordEntry(arguments.Flow);
        Func<CancellationToken, Task<T>> work = start(arguments);
        return StartIntoPy(here ?? throw new NoRunningLoopException(), work, converter, cancel);
    }

    Func<CancellationToken, Task<T>> IRuntime.ReadArguments<T>(CallbackArguments arguments, PyAsyncFunctionBody<T> start)
    {
        Choice.RecordEntry(arguments.Flow);
        return start(arguments);
    }

    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="work">The work.</param>
    /// <param name="converter">Converts its result.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <param name="evenIfCancelled">True if the work begins even if it was cancelled before.</param>
    /// <param name="evenIfEnding">True if the work begins even while the runtime ends, as clean-up does.</param>
    public NewReference StartIntoPy<T>(
        EventLoopContext? context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait, bool evenIfCancelled = false, bool evenIfEnding = false)
    {
        if (!evenIfEnding)
        {
            _phase.ThrowIfEnding();
        }

        EventLoopContext target = Choice.RecordedForPython(context);
        var loop = (PythonEventLoop)target.Loop;
        WorkLane lane = _backend.OpenLane(loop);
        if (lane.Affinity == LaneAffinity.Loop)
        {
            target = target.OnLoop();
        }

        using AttachScope scope = PythonThread.Attach();
        return new ScheduledWork<T>(loop, target, work, converter, new WorkCancellation(loop, lane), cancel, evenIfCancelled).Start(lane, _starter);
    }

    PyObject IRuntime.StartedIntoPy(Task started, CancelBehavior cancel) => StartedIntoPy(null, started, cancel);

    internal PyObject StartedIntoPy(EventLoopContext? context, Task started, CancelBehavior cancel)
    {
        _phase.ThrowIfEnding();
        PythonEventLoop loop = Choice.ResolveLoopForPython(context);
        using AttachScope scope = PythonThread.Attach();
        return StartedWork.IntoPy(loop, started, null, cancel, isCall: false).ToPyObject();
    }

    public PyObject FutureIntoPy<T>(EventLoopContext? context, ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel)
    {
        ArgumentNullException.ThrowIfNull(converter);
        _phase.ThrowIfEnding();
        PythonEventLoop loop = Choice.ResolveLoopForPython(context);
        using AttachScope scope = PythonThread.Attach();
        return StartedWork.IntoPy(loop, started, converter, null, cancel, isCall: false).ToPyObject();
    }
}
