using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Scopes;

/// <summary>A .NET resource that Python code disposes by leaving an <c>async with</c>, or by dropping its context manager.</summary>
internal sealed class DotNetResource(IStreamRuntime runtime, IAsyncDisposable resource)
{
    /// <summary>Makes the context manager. Needs the GIL.</summary>
    /// <param name="context">The loop to bind the disposal to; null for the one that runs where Python calls.</param>
    /// <param name="value">The value that entering gives.</param>
    public PyObject CreateManager(EventLoopContext? context, PyObject value)
    {
        var loop = (PythonEventLoop)(context?.Loop ?? runtime.GetCurrentLoop());
        using PyObject dispose = PyFunction.Create("dispose", _ => BeginDispose(context));
        using PyObject drop = PyFunction.Create(
            "drop",
            () => ThreadPool.UnsafeQueueUserWorkItem(static item => _ = item.Resource.DisposeDroppedAsync(item.Loop), (Resource: this, Loop: loop), preferLocal: false));
        CallArguments arguments = [value, dispose, drop];
        return arguments.Call(CoreModules.Current.Scopes("AsyncDisposable")).ToPyObject();
    }

    private PyObject BeginDispose(EventLoopContext? context)
    {
        try
        {
            return runtime.StartIntoPy(context, DisposeAsync, PyConvert.None, evenIfCancelled: true, evenIfEnding: true).ToPyObject();
        }
        catch (ObjectDisposedException)
        {
            // The backend of the runtime has ended before the loop.
            PythonEventLoop loop = LoopRegistry.Current.Running(settings: null) ?? throw new NoRunningLoopException();
            return StartedWork.IntoPy(loop, Task.Run(() => DisposeAsync(CancellationToken.None)), null, CancelBehavior.Wait, isCall: false).ToPyObject();
        }
    }

    private async Task<object?> DisposeAsync(CancellationToken cancellationToken)
    {
        await resource.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "No code awaits it: it is reported.")]
    private async Task DisposeDroppedAsync(PythonEventLoop loop)
    {
        try
        {
            await resource.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            loop.ReportUnobserved("Disposing a .NET resource that Python has dropped failed.", e);
        }
    }
}
