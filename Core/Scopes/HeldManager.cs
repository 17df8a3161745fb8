using PyAsync.Interop;

namespace PyAsync.Scopes;

/// <summary>
/// One use of a Python context manager by .NET code. A coroutine enters it, awaits the .NET work and exits it, so that all of that happens in one task and
/// one context: what <c>asyncio.timeout</c>, anyio's cancel scopes and tokens of context variables need.
/// </summary>
internal sealed class HeldManager<T>(
    IStreamRuntime runtime, Func<PyObject> manager, PyConverter<T> converter, Func<T, EventLoopContext, CancellationToken, Task<bool>> body)
{
    /// <summary>Makes the coroutine. On the loop's thread.</summary>
    public PyObject CreateCoroutine()
    {
        using PyObject make = PyFunction.Create("make", Make);
        using PyObject begin = PyFunction.Create("body", Begin);
        return CoreModules.Current.Scopes("hold").Call(make.Reference, begin.Reference).ToPyObject();
    }

    private PyObject Make(CallbackArguments arguments) =>
        manager() ?? throw new InvalidOperationException("The factory of a context manager returned null; it must return a context manager.");

    /// <summary>Starts the work, which is bound to the running task's context: context variables that <c>__aenter__</c> has set are seen by calls of the work.</summary>
    private PyObject Begin(CallbackArguments arguments)
    {
        T value = Convert(arguments.Borrow(0));
        try
        {
            EventLoopContext here = runtime.CaptureContext();

            // Without the ExecutionContext: that of the caller applies to each call.
            var context = new EventLoopContext(here.Loop, here.ContextVariables, null);
            return runtime.StartIntoPy(context: null, Run, PyConvert.Boolean, evenIfCancelled: true).ToPyObject();

            async Task<bool> Run(CancellationToken cancellationToken)
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return await body(value, context, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    FlowItem.Drop(value);
                }
            }
        }
        catch
        {
            FlowItem.Drop(value); // The work was not started: the runtime ends.
            throw;
        }
    }

    private T Convert(BorrowedReference entered)
    {
        // Messages of a failed conversion name the manager's value rather than this function, which user code does not call.
        try
        {
            return converter.FromReference(entered);
        }
        catch (Exception e) when (ConversionErrors.At(e, "the value of the context manager"))
        {
            throw;
        }
    }
}
