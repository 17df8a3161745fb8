using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Stands in for a loop's <c>call_soon</c> while a task is being made: asyncio schedules a task's first step then, and the step ends
/// up here instead, to be run when and if there is something to run.
/// </summary>
internal sealed class CallSoonCapture : PyCallable, IDisposable
{
    private const string StepTypeName = "TaskStepMethWrapper";

    private OwnedReference _self;
    private OwnedReference _original;
    private OwnedReference _step;
    private OwnedReference _context;
    private nint _stepType;

    /// <summary>Needs the GIL, as every member.</summary>
    public CallSoonCapture()
        : base("call_soon")
    {
        using PyObject function = PyFunction.Create(this, doc: null);
        _self.Set(NewReference.From(function.Reference));
    }

    /// <summary>From here on the loop's <c>call_soon</c> comes here.</summary>
    public void Begin(BorrowedReference loop)
    {
        PyName callSoon = PythonInterpreter.Current.Names.CallSoon;
        _original.Set(loop.GetAttr(callSoon).OrThrow());
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(loop, callSoon.Reference, _self.Borrow()));
    }

    /// <summary>The loop has its own again. Keeps the current Python error.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="step">The step that came; NULL if none did.</param>
    /// <param name="context">The context that it is to run in, which is the task's.</param>
    public void End(BorrowedReference loop, out NewReference step, out NewReference context)
    {
        NewReference error = CPython.PyErr_GetRaisedException();
        if (CPython.PyObject_SetAttr(loop, PythonInterpreter.Current.Names.CallSoon.Reference, default) < 0)
        {
            PythonErrors.Forget(); // Somebody was faster.
        }

        _original.Clear();
        if (!error.IsNull)
        {
            CPython.PyErr_SetRaisedException(error);
        }

        step = _step.Take();
        context = _context.Take();
    }

    public override NewReference Invoke(CallbackArguments arguments)
    {
        if (_step.IsNull && arguments is { Count: 1, KeywordCount: 1 } && IsStep(arguments.Borrow(0)))
        {
            _step.Set(NewReference.From(arguments.Borrow(0)));
            _context.Set(NewReference.From(arguments.KeywordValue(0)));
            return NewReference.From(PythonInterpreter.Current.None);
        }

        // Not the task's: the collector ran in between, and a finaliser had something to schedule.
        return arguments.Forward(_original.Borrow());
    }

    public void Dispose()
    {
        _self.Clear();
        _original.Clear();
        _step.Clear();
        _context.Clear();
    }

    private bool IsStep(BorrowedReference callback)
    {
        BorrowedReference type = CPython.Py_TYPE(callback);
        if (_stepType == 0 && PyText.TypeName(type).EndsWith(StepTypeName, StringComparison.Ordinal))
        {
            _stepType = type.Pointer; // A static type of asyncio's.
        }

        return type.Pointer == _stepType;
    }
}
