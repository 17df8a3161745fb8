using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The Python types through which an event loop runs C# code, and then Python code with no C# code below it on the stack. The loop's callback is a
/// built-in function that consumes an iterable: iterating over a <c>pyasync.Drain</c> runs the C# code, and the iterator that it returns is consumed
/// after that code has returned. <c>pyasync.Callbacks</c> yields one call after another, as a tuple.
/// </summary>
/// <remarks>
/// Python code may fork the process, and a C# method that a forked child returned into would run in memory that child and parent share.
/// </remarks>
internal static unsafe class DrainTypes
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;
        internal ManagedField Target;
    }

    /// <summary>Gets the type <c>pyasync.Drain</c>, created at first use.</summary>
    public static BorrowedReference Drain => InterpreterState.Current.Attachment<Registration>().Drain;

    /// <summary>Gets the type <c>pyasync.Callbacks</c>, created at first use.</summary>
    public static BorrowedReference Callbacks => InterpreterState.Current.Attachment<Registration>().Callbacks;

    private static NewReference CreateDrain() =>
        new HeapType("pyasync.Drain", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("Iterating over it runs the requests of .NET to an event loop, and yields the remaining calls.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_iter, (delegate* unmanaged[Cdecl]<nint, nint>)&Iterate)
            .Create();

    private static NewReference CreateCallbacks() =>
        new HeapType("pyasync.Callbacks", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("The remaining calls.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_iter, "PyObject_SelfIter")
            .Slot(CPython.Py_tp_iternext, (delegate* unmanaged[Cdecl]<nint, nint>)&Next)
            .Create();

    /// <summary>Creates an object of <c>pyasync.Drain</c>.</summary>
    /// <param name="drain">Called without arguments; returns an iterator.</param>
    public static NewReference NewDrain(PyCallable drain) => New(Drain, drain);

    /// <summary>Creates an object of <c>pyasync.Callbacks</c>.</summary>
    public static NewReference NewCallbacks(ReadyCallbacks callbacks) => New(Callbacks, callbacks);

    private static NewReference New(BorrowedReference type, object target)
    {
        NewReference created = CPython.PyType_GenericAlloc(type, 0).OrThrow();

        // SAFETY: just allocated with the size of Layout, and no other code has it yet.
        ((Layout*)created.Pointer)->Target.Set(target);
        return created;
    }

    private static T Target<T>(nint self)
        where T : class =>
        // SAFETY: New has stored the object, and no other code writes there.
        ((Layout*)self)->Target.Get<T>();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Iterate(nint self)
    {
        PyCallable drain = Target<PyCallable>(self);
        EntryFromPython entry = EntryFromPython.Begin();
        nint result;
        try
        {
            var frame = new CallFrame(null, 0, 0, entry.Flow);
            result = drain.Invoke(new CallbackArguments(in frame, drain)).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            result = 0;
        }

        entry.End();
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Next(nint self)
    {
        try
        {
            return Target<ReadyCallbacks>(self).TakeCall().Take();
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
    private static void Dealloc(nint self)
    {
        ((Layout*)self)->Target.Clear();
        HeapType.Free(self);
    }

    private sealed class Registration
    {
        private OwnedReference _drain;
        private OwnedReference _callbacks;

        public Registration()
        {
            _drain.Set(CreateDrain());
            _callbacks.Set(CreateCallbacks());
        }

        public BorrowedReference Drain => _drain.Borrow();

        public BorrowedReference Callbacks => _callbacks.Borrow();
    }
}
