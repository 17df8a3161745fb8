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
    private bool _mayBeKept;
    private ExecutionContext? _before;
    private ExecutionContext? _carriedBefore;
    private ExecutionContext? _flowBefore;

    /// <summary>Enters a copy of the request's Python context, if one is needed.</summary>
    /// <param name="context">The request's context.</param>
    /// <param name="isolate">True if code is about to run that could change the loop's own context variables.</param>
    public static RequestScope Enter(EventLoopContext context, bool isolate)
    {
        ExecutionContext? execution = context.ExecutionContext;
        if (context.ContextVariables is not { } variables)
        {
            return Enter(execution, isolate);
        }

        RequestScope scope = default;
        scope.EnterContext(CPython.PyContext_Copy(variables.Reference).OrThrow());
        if (execution is not null)
        {
            ExecutionContextCarrier.Carry(execution);
            scope.EnterExecution(execution);
        }

        return scope;
    }

    /// <summary>Enters a copy of the loop's own Python context, if one is needed.</summary>
    /// <param name="execution">The request's ExecutionContext; null if it carries nothing.</param>
    /// <param name="isolate">True if code is about to run that could change the loop's own context variables.</param>
    public static RequestScope Enter(ExecutionContext? execution, bool isolate)
    {
        RequestScope scope = default;
        if (execution is not null)
        {
            scope.EnterPrepared(execution);
            scope.EnterExecution(execution);
        }
        else if (isolate)
        {
            scope.EnterContext(CPython.PyContext_CopyCurrent().OrThrow());
        }

        return scope;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit()
    {
        if (_before is not null)
        {
            ExecutionContext.Restore(_before);
            _ = EntryFromPython.Exchange(_carriedBefore, _flowBefore);
            _before = null;
        }

        if (!_context.IsNull)
        {
            // An error that is being raised must survive the exit.
            bool isLeft = CPython.PyContext_Exit(_context.Borrow()) == 0;
            if (_mayBeKept && isLeft)
            {
                PreparedContext.OfProcess.Return(_context);
                _context = default;
            }
            else
            {
                _context.Dispose();
            }
        }
    }

    private void EnterContext(NewReference context)
    {
        PythonErrors.ThrowIfNegative(CPython.PyContext_Enter(context.Borrow()));
        _context = context;
    }

    /// <summary>Enters a copy of the current context that carries an ExecutionContext: the one of an earlier request, or a new one.</summary>
    private void EnterPrepared(ExecutionContext execution)
    {
        PreparedContext prepared = PreparedContext.OfProcess;
        BorrowedReference here = RunningThread.Current.Context;
        NewReference kept = prepared.Take(here, execution);
        _mayBeKept = true;
        if (!kept.IsNull)
        {
            EnterContext(kept);
            return;
        }

        EnterContext(CPython.PyContext_CopyCurrent().OrThrow());
        ExecutionContextCarrier.Carry(execution);
        prepared.Remember(here, execution, _context.Borrow());
    }

    private void EnterExecution(ExecutionContext execution)
    {
        _before = ExecutionContext.Capture();
        (_carriedBefore, _flowBefore) = EntryFromPython.Exchange(execution, execution);
        if (_before != execution)
        {
            ExecutionContext.Restore(execution);
        }
    }
}
