using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.Contexts;

/// <summary>
/// The scope in which a request runs on the loop's thread: in its own Python context, which carries its ExecutionContext, and under that
/// ExecutionContext. It runs in a copy of the caller's context: a <c>contextvars.Context</c> cannot be entered recursively, and changes must not
/// leak back to the caller.
/// </summary>
internal ref struct RequestScope
{
    private NewReference _context;
    private ExecutionContext? _before;
    private ExecutionContext? _carriedBefore;
    private ExecutionContext? _flowBefore;

    /// <summary>Enters a copy of the request's Python context, if one is needed.</summary>
    /// <param name="context">The request's context.</param>
    /// <param name="isolate">True if code is about to run that could change the loop's own context variables.</param>
    public static RequestScope Enter(EventLoopContext context, bool isolate)
    {
        RequestScope scope = default;
        bool carries = context.ExecutionContext is not null;
        if (context.ContextVariables is { } variables)
        {
            scope.EnterContext(CPython.PyContext_Copy(variables.Reference).OrThrow());
        }
        else if (carries || isolate)
        {
            scope.EnterContext(CPython.PyContext_CopyCurrent().OrThrow());
        }

        if (carries)
        {
            ExecutionContextCarrier.Carry(context.ExecutionContext);
            scope.EnterExecution(context.ExecutionContext!);
        }

        return scope;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit()
    {
        if (_before is not null)
        {
            ExecutionContext.Restore(_before);
            _ = EntryFromPython.ExchangeCarried(_carriedBefore);
            EntryFromPython.CurrentFlow = _flowBefore;
            _before = null;
        }

        if (!_context.IsNull)
        {
            // An error that is being raised must survive the exit.
            _ = CPython.PyContext_Exit(_context.Borrow());
            _context.Dispose();
        }
    }

    private void EnterContext(NewReference context)
    {
        PythonErrors.ThrowIfNegative(CPython.PyContext_Enter(context.Borrow()));
        _context = context;
    }

    private void EnterExecution(ExecutionContext execution)
    {
        _before = ExecutionContext.Capture();
        _carriedBefore = EntryFromPython.ExchangeCarried(execution);
        _flowBefore = EntryFromPython.CurrentFlow;
        EntryFromPython.CurrentFlow = execution;
        ExecutionContext.Restore(execution);
    }
}
