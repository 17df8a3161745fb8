using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Functions;

/// <summary>
/// The Python type <c>pyasync.DirectFunction</c>: a callable that runs a <see cref="PyCallable"/> of this library. It has no <c>__dict__</c>, and its calls enter no
/// <see cref="EntryFromPython"/>, so that it costs a third of a <c>pyasync.Function</c>.
/// </summary>
/// <remarks>The callable runs no code of users, does not wait, and reads no ambient context: <see cref="CallbackArguments.Flow"/> is null.</remarks>
internal static unsafe class DirectFunctionType
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;
        internal delegate* unmanaged[Cdecl]<nint, nint*, nuint, nint, nint> Vectorcall;
        internal ManagedField Callable;
    }

    /// <summary>Gets the type, created at first use.</summary>
    public static BorrowedReference Type => InterpreterState.Current.Attachment<Registration>().Type;

    private static NewReference Create()
    {
        Layout layout;
        return new HeapType("pyasync.DirectFunction", sizeof(Layout), CPython.Py_TPFLAGS_HAVE_VECTORCALL | CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Slot(CPython.Py_tp_call, "PyVectorcall_Call")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_repr, (delegate* unmanaged[Cdecl]<nint, nint>)&Repr)
            .Member("__vectorcalloffset__", CPython.T_PYSSIZET, (nint)((byte*)&layout.Vectorcall - (byte*)&layout), readOnly: true)
            .Create();
    }

    /// <summary>Creates a function. Needs the GIL.</summary>
    public static NewReference New(PyCallable callable)
    {
        NewReference created = CPython.PyType_GenericAlloc(Type, 0).OrThrow();

        // SAFETY: just allocated with the size of Layout; no other code has it yet.
        var self = (Layout*)created.Pointer;
        self->Vectorcall = &Vectorcall;
        self->Callable.Set(callable);
        return created;
    }

    private static PyCallable Callable(nint self) =>
        // SAFETY: New has stored the callable, and no other code writes there.
        ((Layout*)self)->Callable.Get<PyCallable>();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Vectorcall(nint self, nint* arguments, nuint count, nint keywordNames)
    {
        try
        {
            PyCallable callable = Callable(self);
            var frame = new CallFrame(arguments, (int)CPython.PyVectorcall_NARGS(count), keywordNames, flow: null);
            return callable.Invoke(new CallbackArguments(in frame, callable)).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Repr(nint self) => PyText.FromString($"<C# function {Callable(self).Name}>").Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        ((Layout*)self)->Callable.Clear();
        HeapType.Free(self);
    }

    private sealed class Registration() : TypeRegistration(Create());
}
