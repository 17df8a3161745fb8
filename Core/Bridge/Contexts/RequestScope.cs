using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The time in which a request runs on the loop's thread: in a Python context of its own, which carries its ExecutionContext, and under
/// that ExecutionContext itself. A Python context cannot be entered twice at a time, and its changes stay inside: hence a copy.
/// </summary>
internal ref struct RequestScope
{
    private NewReference _context;
    private ExecutionContext? _before;
    private ExecutionContext? _carriedBefore;

    /// <summary>In a copy of the request's Python context, if there is a need for one.</summary>
    /// <param name="context">What the request brought along.</param>
    /// <param name="isolate">Whether code is going to run that could change the loop's own context variables.</param>
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
            PythonInterpreter.Current.Carry(context.ExecutionContext);
            scope.EnterExecution(context.ExecutionContext!);
        }

        return scope;
    }

    /// <summary>In a Python context that is the request's already, and carries what it is to carry.</summary>
    /// <returns>False with the Python error set if it cannot be entered.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnterPrepared(BorrowedReference context, ExecutionContext? execution)
    {
        if (CPython.PyContext_Enter(context) < 0)
        {
            return false;
        }

        _context = NewReference.From(context);
        if (execution is not null)
        {
            EnterExecution(execution);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit()
    {
        if (_before is not null)
        {
            ExecutionContext.Restore(_before);
            _ = EntryFromPython.ExchangeCarried(_carriedBefore);
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
        ExecutionContext.Restore(execution);
    }
}
