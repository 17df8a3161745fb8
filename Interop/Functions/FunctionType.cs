using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Functions;

/// <summary>
/// The Python type <c>pyasync.Function</c>: a callable that runs a <see cref="PyCallable"/>. It has a <c>__dict__</c>, so that Python code can mark and
/// wrap it like a Python function.
/// </summary>
internal static unsafe class FunctionType
{
    /// <summary>Gets the type, created at first use.</summary>
    public static BorrowedReference Type => InterpreterState.Current.Attachment<Registration>().Type;

    private static NewReference Create()
    {
        FunctionLayout layout;
        HeapType type = new HeapType(
                "pyasync.Function",
                sizeof(FunctionLayout),
                CPython.Py_TPFLAGS_HAVE_GC | CPython.Py_TPFLAGS_HAVE_VECTORCALL | CPython.Py_TPFLAGS_METHOD_DESCRIPTOR | CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Slot(CPython.Py_tp_call, "PyVectorcall_Call")
            .Slot(CPython.Py_tp_descr_get, BindAsPythonFunctionsDo())
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_traverse, (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&Traverse)
            .Slot(CPython.Py_tp_clear, (delegate* unmanaged[Cdecl]<nint, int>)&Clear)
            .Slot(CPython.Py_tp_repr, (delegate* unmanaged[Cdecl]<nint, nint>)&Repr)
            .Member("__vectorcalloffset__", CPython.T_PYSSIZET, Offset(&layout, &layout.Vectorcall), readOnly: true)
            .Member("__dictoffset__", CPython.T_PYSSIZET, Offset(&layout, &layout.Dict), readOnly: true)
            .Member("__weaklistoffset__", CPython.T_PYSSIZET, Offset(&layout, &layout.WeakReferences), readOnly: true)
            .Property("__dict__", "PyObject_GenericGetDict", "PyObject_GenericSetDict")
            .Method("__reduce__", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Reduce, CPython.METH_NOARGS, "For pickle, which refers to functions by their names.");
        return FunctionMarks.AddTo(type).Create();
    }

    public static NewReference New(PyCallable callable, string? doc) =>
        New(callable, new FunctionDescription(callable.Name) { Doc = doc });

    public static NewReference New(PyCallable callable, FunctionDescription description)
    {
        using NewReference created = CPython.PyType_GenericAlloc(Type, 0).OrThrow();

        // SAFETY: just allocated with the size of FunctionLayout; no other code has it yet.
        var self = (FunctionLayout*)created.Pointer;
        self->Vectorcall = &Vectorcall;
        self->Callable.Set(callable);
        self->Kind = description.Kind;
        self->Dict.Set(CPython.PyDict_New().OrThrow());
        SetInDict("__name__", description.Name);
        SetInDict("__qualname__", description.QualifiedName ?? description.Name);
        SetInDict("__module__", description.Module);
        SetInDict("__doc__", description.Doc);
        if (description.TextSignature is { } signature)
        {
            SetInDict("__text_signature__", signature);
        }

        return NewReference.From(created.Borrow());

        void SetInDict(string key, string? value)
        {
            using NewReference text = value is null ? NewReference.From(InterpreterState.Current.None) : PyText.FromString(value);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(self->Dict.Borrow(), WellKnownNames.Current[key].Reference, text.Borrow()));
        }
    }

    private static nint Offset(FunctionLayout* start, void* field) => (nint)((byte*)field - (byte*)start);

    private static PyCallable Callable(nint self) =>
        // SAFETY: New has stored the callable, and no other code writes there.
        ((FunctionLayout*)self)->Callable.Get<PyCallable>();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Vectorcall(nint self, nint* arguments, nuint count, nint keywordNames)
    {
        PyCallable callable = Callable(self);
        EntryFromPython entry = EntryFromPython.Begin();
        nint result;
        try
        {
            // Python's own limit counts Python's frames, and there may be none between this call and the enclosing one.
            if (entry.IsStackLow)
            {
                ThrowStackIsLow();
            }

            var frame = new CallFrame(arguments, (int)CPython.PyVectorcall_NARGS(count), keywordNames, entry.Flow);
            result = callable.Invoke(new CallbackArguments(in frame, callable)).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            result = 0;
        }

        // Not in a finally block, which would cost a call: every exception is caught.
        entry.End();
        return result;
    }

    // Not inlined: the caller catches the exception, so that the end of the call is written once.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void ThrowStackIsLow() =>
        throw new PythonRecursionException("maximum recursion depth exceeded: the stack of the thread is nearly used up");

    /// <summary>Binds it as a method if it is an attribute of a class. Python's function for this reads nothing but the two objects.</summary>
    private static void* BindAsPythonFunctionsDo() =>
        CPython.PyType_GetSlot(CPython.Static("PyFunction_Type"), CPython.Py_tp_descr_get);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Reduce(nint self, nint unused) =>
        new BorrowedReference(self).GetAttr(WellKnownNames.Current.QualName).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Repr(nint self) => PyText.FromString($"<C# function {Callable(self).Name}>").Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Traverse(nint self, nint visit, nint argument)
    {
        var visitor = new GarbageVisitor(visit, argument);
        var layout = (FunctionLayout*)self;
        return visitor.Visit(layout->Dict) is not 0 and var stop ? stop
            : visitor.Visit(layout->Code) is not 0 and var stopThere ? stopThere
            : visitor.VisitType(self);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Clear(nint self)
    {
        ((FunctionLayout*)self)->Dict.Clear();
        ((FunctionLayout*)self)->Code.Clear();
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        CPython.PyObject_GC_UnTrack(self);
        var layout = (FunctionLayout*)self;
        if (layout->WeakReferences != 0)
        {
            CPython.PyObject_ClearWeakRefs(self);
        }

        layout->Dict.Clear();
        layout->Code.Clear();
        layout->Callable.Clear();
        HeapType.Free(self);
    }

    private sealed class Registration() : TypeRegistration(Create());
}
