using PyAsync.Interop;

namespace PyAsync.Contexts;

/// <summary>Adds the ExecutionContext of the caller's flow to a context, if that ExecutionContext carries anything.</summary>
internal static class ContextCapture
{
    public static EventLoopContext WithCallers(EventLoopContext context)
    {
        if (context.ExecutionContext is not null)
        {
            return context;
        }

        ExecutionContext? callers = ExecutionContext.Capture();
        if (!ExecutionContextCarrier.IsWorthCarrying(callers))
        {
            return context;
        }

        return context.WithCallers(callers!);
    }
}
