using PyAsync.Interop;

namespace PyAsync;

internal sealed partial class Runtime
{
    public PyObject FutureIntoPy(EventLoopContext? context, Func<CancellationToken, Task> work, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(work);
        return FutureIntoPy(context, ct => WithoutResult(work(ct)), PyConvert.None, cancel);
    }

    public PyObject FutureIntoPy<T>(
        EventLoopContext? context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(converter);
        return StartIntoPy(context, work, converter, cancel).ToPyObject();
    }

    /// <summary>As the extension that Python functions are made by wants it: without an object of ours around the awaitable.</summary>
    NewReference IRuntime.StartIntoPy<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter) =>
        StartIntoPy(null, work, converter);

    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="work">The work.</param>
    /// <param name="converter">Converts its result.</param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    /// <param name="evenIfCancelled">Whether work that is cancelled before it has begun begins all the same.</param>
    internal NewReference StartIntoPy<T>(
        EventLoopContext? context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait, bool evenIfCancelled = false)
    {
        ThrowIfEnding();
        EventLoopContext target = ResolveForPython(context);
        var loop = (PythonEventLoop)target.Loop;
        WorkLane lane = _backend.OpenLane(loop);
        if (lane.Affinity == LaneAffinity.Loop)
        {
            target = target.OnLoop();
        }

        using AttachScope scope = PythonThread.Attach();
        return new ScheduledWork<T>(loop, target, work, converter, new WorkCancellation(loop, lane), cancel, evenIfCancelled).Start(lane, _starter);
    }

    public PyObject FutureIntoPy(EventLoopContext? context, Task started, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(started);
        ThrowIfEnding();
        PythonEventLoop loop = ResolveLoopForPython(context);
        using AttachScope scope = PythonThread.Attach();
        return StartedWork.IntoPy(loop, started, null, cancel).ToPyObject();
    }

    public PyObject FutureIntoPy<T>(EventLoopContext? context, Task<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(started);
        ArgumentNullException.ThrowIfNull(converter);
        ThrowIfEnding();
        PythonEventLoop loop = ResolveLoopForPython(context);
        using AttachScope scope = PythonThread.Attach();
        return StartedWork.IntoPy(loop, started, converter, null, cancel).ToPyObject();
    }

    public PyObject FutureIntoPy<T>(
        EventLoopContext? context, ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon)
    {
        ArgumentNullException.ThrowIfNull(converter);
        ThrowIfEnding();
        PythonEventLoop loop = ResolveLoopForPython(context);
        using AttachScope scope = PythonThread.Attach();
        return StartedWork.IntoPy(loop, started, converter, null, cancel).ToPyObject();
    }

    internal static async Task<object?> WithoutResult(Task work)
    {
        await work.ConfigureAwait(false);
        return null;
    }
}
