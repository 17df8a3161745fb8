using PyAsync.Interop;

namespace PyAsync;

/// <summary>Adds to a context what the caller's flow has: its ExecutionContext, if there is anything in it.</summary>
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
