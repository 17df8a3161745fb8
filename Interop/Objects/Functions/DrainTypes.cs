using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// The Python types by which an event loop runs C# code, and then Python code with no C# code below it on the stack. The loop's callback is a function
/// of CPython's own that consumes an iterable: iterating over a <c>pyasync.Drain</c> runs the C# code, and what it gives is consumed when that
/// has returned. <c>pyasync.Callbacks</c> gives one call after another, as a tuple.
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
        internal nint Handle;
    }

    public static NewReference CreateDrain() =>
        new HeapType("pyasync.Drain", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("Iterating over it does what .NET has asked of an event loop, and gives what is left to be called.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_iter, (delegate* unmanaged[Cdecl]<nint, nint>)&Iterate)
            .Create();

    public static NewReference CreateCallbacks() =>
        new HeapType("pyasync.Callbacks", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("What is left to be called.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_iter, "PyObject_SelfIter")
            .Slot(CPython.Py_tp_iternext, (delegate* unmanaged[Cdecl]<nint, nint>)&Next)
            .Create();

    /// <summary>An object of <c>pyasync.Drain</c>.</summary>
    /// <param name="drain">Called without arguments; gives an iterator.</param>
    public static NewReference NewDrain(PyCallable drain) => New(PythonInterpreter.Current.Types.Drain, drain);

    /// <summary>An object of <c>pyasync.Callbacks</c>.</summary>
    public static NewReference NewCallbacks(ReadyCallbacks callbacks) => New(PythonInterpreter.Current.Types.Callbacks, callbacks);

    private static NewReference New(BorrowedReference type, object target)
    {
        NewReference created = CPython.PyType_GenericAlloc(type, 0).OrThrow();

        // SAFETY: just allocated with the size of Layout, and nobody else has it yet.
        ((Layout*)created.Pointer)->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(target));
        return created;
    }

    private static T Target<T>(nint self)
        where T : class =>
        // SAFETY: New has put it there, and nobody else writes there.
        Unsafe.As<T>(GCHandle.FromIntPtr(((Layout*)self)->Handle).Target!);

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
            PythonErrors.Set(e);
            result = 0;
        }

        entry.End();
        return result;
    }

    // Runs no code but ours, which cares for no ExecutionContext.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Next(nint self) => Target<ReadyCallbacks>(self).TakeCall().Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        GCHandle.FromIntPtr(((Layout*)self)->Handle).Free();
        HeapType.Free(self);
    }
}
