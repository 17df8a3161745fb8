using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// The Python type <c>pyasync.Function</c>: a callable that runs a <see cref="PyCallable"/>. It has a <c>__dict__</c>, so that
/// Python code may mark and wrap it as it does with its own functions.
/// </summary>
internal static unsafe class FunctionType
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;
        internal delegate* unmanaged[Cdecl]<nint, nint*, nuint, nint, nint> Vectorcall;
        internal nint Callable;
        internal OwnedReference Dict;
        internal nint WeakReferences;
        internal byte IsAsync;
    }

    public static NewReference Create()
    {
        Layout layout;
        return new HeapType(
                "pyasync.Function",
                sizeof(Layout),
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
            .Property("_is_coroutine_marker", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetInspectMark, set: (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&SetMark)
            .Property("_is_coroutine", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetAsyncioMark, set: (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&SetMark)
            .Method("__reduce__", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Reduce, CPython.METH_NOARGS, "For pickle, which refers to functions by their names.")
            .Create();
    }

    public static NewReference New(PyCallable callable, string? doc) =>
        New(callable, new FunctionDescription(callable.Name) { Doc = doc });

    public static NewReference New(PyCallable callable, FunctionDescription description)
    {
        PythonInterpreter interpreter = PythonInterpreter.Current;
        using NewReference created = CPython.PyType_GenericAlloc(interpreter.Types.Function, 0).OrThrow();

        // SAFETY: just allocated with the size of Layout; nobody else has it yet.
        var self = (Layout*)created.Pointer;
        self->Vectorcall = &Vectorcall;
        self->Callable = GCHandle.ToIntPtr(GCHandle.Alloc(callable));
        self->IsAsync = description.IsAsync ? (byte)1 : (byte)0;
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
            using NewReference text = value is null ? NewReference.From(interpreter.None) : PyText.FromString(value);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(self->Dict.Borrow(), interpreter.Names[key].Reference, text.Borrow()));
        }
    }

    private static nint Offset(Layout* start, void* field) => (nint)((byte*)field - (byte*)start);

    private static PyCallable Callable(nint self) =>
        // SAFETY: New has put it there, and nobody else writes there.
        Unsafe.As<PyCallable>(GCHandle.FromIntPtr(((Layout*)self)->Callable).Target!);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Vectorcall(nint self, nint* arguments, nuint count, nint keywordNames)
    {
        PyCallable callable = Callable(self);
        EntryFromPython entry = EntryFromPython.Begin();
        nint result;
        try
        {
            var frame = new CallFrame(arguments, (int)CPython.PyVectorcall_NARGS(count), keywordNames, entry.Flow);
            result = callable.Invoke(new CallbackArguments(in frame, callable)).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PythonErrors.Set(e);
            result = 0;
        }

        // Not in a finally, which costs a call of its own: everything is caught.
        entry.End();
        return result;
    }

    /// <summary>As an attribute of a class it is a method: Python's own functions do the same and look at nothing but the two objects.</summary>
    private static void* BindAsPythonFunctionsDo() =>
        CPython.PyType_GetSlot(CPython.Static("PyFunction_Type"), CPython.Py_tp_descr_get);

    /// <summary>What <c>inspect.iscoroutinefunction</c> looks for (3.12 and newer; the first patch releases of 3.12 name it otherwise).</summary>
    /// <remarks>Read from there when asked: importing it takes its time.</remarks>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetInspectMark(nint self, nint closure) => CoroutineMark(self, "inspect", "_is_coroutine_mark", "_is_coroutine_marker");

    /// <summary>What <c>asyncio.iscoroutinefunction</c> looks for.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetAsyncioMark(nint self, nint closure) => CoroutineMark(self, "asyncio.coroutines", "_is_coroutine");

    /// <summary>What <c>inspect.markcoroutinefunction</c> does.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SetMark(nint self, nint value, nint closure)
    {
        ((Layout*)self)->IsAsync = value != 0 ? (byte)1 : (byte)0;
        return 0;
    }

    private static nint CoroutineMark(nint self, string module, params ReadOnlySpan<string> marks)
    {
        WellKnownNames names = PythonInterpreter.Current.Names;
        using NewReference found = ((Layout*)self)->IsAsync != 0 ? CPython.PyImport_GetModule(names[module].Reference) : default;
        NewReference value = default;
        for (int i = 0; i < marks.Length && value.IsNull && !found.IsNull; i++)
        {
            value = found.Borrow().GetAttr(names[marks[i]]);
            PythonErrors.Forget();
        }

        if (value.IsNull)
        {
            PythonErrors.Set("AttributeError", marks[0]);
        }

        return value.Take();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Reduce(nint self, nint unused) =>
        new BorrowedReference(self).GetAttr(PythonInterpreter.Current.Names.QualName).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Repr(nint self) => PyText.FromString($"<C# function {Callable(self).Name}>").Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Traverse(nint self, nint visit, nint argument)
    {
        var visitor = new GarbageVisitor(visit, argument);
        return visitor.Visit(((Layout*)self)->Dict) is not 0 and var stop ? stop : visitor.VisitType(self);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Clear(nint self)
    {
        ((Layout*)self)->Dict.Clear();
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        CPython.PyObject_GC_UnTrack(self);
        var layout = (Layout*)self;
        if (layout->WeakReferences != 0)
        {
            CPython.PyObject_ClearWeakRefs(self);
        }

        layout->Dict.Clear();
        if (layout->Callable != 0)
        {
            GCHandle.FromIntPtr(layout->Callable).Free();
        }

        HeapType.Free(self);
    }
}
