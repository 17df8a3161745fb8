using PyAsync.Interop;

namespace PyAsync.Runtimes;

// Work that starts on the calling thread, which runs Python and its loop.
internal sealed partial class Runtime
{
    PyCallable IRuntime.InlineFunction<T>(string name, PyInlineFunctionBody<T> body, PyConverter<T> converter) =>
        new Function<T>(this, name, body, converter);

    /// <summary>Begins work on the calling thread, in a call from Python, bound to the loop that runs there.</summary>
    /// <param name="call">The call.</param>
    /// <param name="takesToken">True if the work takes a token.</param>
    /// <param name="cancel">Specifies how the awaitable reacts to a cancellation by Python.</param>
    /// <exception cref="NoRunningLoopException">No loop runs on this thread.</exception>
    internal InlineStart BeginInline(CallbackArguments call, bool takesToken, CancelBehavior cancel)
    {
        _phase.ThrowIfEnding();
        RunningThread thread = RunningThread.Current;
        PythonEventLoop loop = LoopRegistry.Current.Running(thread, _parts.LoopSettings) ?? throw new NoRunningLoopException();
        EntryFromPython.CurrentFlow = loop.CaptureContext(thread).RecordedBy(this).Enter(call.Flow);
        return new InlineStart(loop, takesToken ? new WorkCancellation(loop, _backend.OpenLane(loop)) : null, cancel);
    }

    /// <summary>A function that starts inline, and allocates only the awaitable.</summary>
    private sealed class Function<T>(Runtime runtime, string name, PyInlineFunctionBody<T> body, PyConverter<T> converter) : PyCallable(name)
    {
        public override NewReference Invoke(CallbackArguments arguments)
        {
            return runtime.BeginInline(arguments, takesToken: false, CancelBehavior.Abandon).Await(body(arguments), converter);
        }
    }
}

/// <summary>Work that is starting on the calling thread. The end of the call from Python restores the context that it replaces.</summary>
internal readonly ref struct InlineStart
{
    private readonly PythonEventLoop _loop;
    private readonly WorkCancellation? _cancellation;
    private readonly CancelBehavior _cancel;

    public InlineStart(PythonEventLoop loop, WorkCancellation? cancellation, CancelBehavior cancel)
    {
        _loop = loop;
        _cancellation = cancellation;
        _cancel = cancel;
    }

    public CancellationToken Token => _cancellation?.Token ?? CancellationToken.None;

    public NewReference Await(Task started) =>
        StartedWork.IntoPy(_loop, started, _cancellation, _cancel, isCall: true);

    public NewReference Await<T>(Task<T> started, PyConverter<T> converter) =>
        StartedWork.IntoPy(_loop, started, converter, _cancellation, _cancel, isCall: true);

    public NewReference Await<T>(ValueTask<T> started, PyConverter<T> converter) =>
        StartedWork.IntoPy(_loop, started, converter, _cancellation, _cancel, isCall: true);
}
