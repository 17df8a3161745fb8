using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Functions;

/// <summary>
/// The Python type <c>pyasync.CoroutineStart</c>, which a coroutine of a C# function awaits. Awaiting it starts the work, and waits for the future of the work.
/// </summary>
internal static unsafe class CoroutineStartType
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;

        // Empty once the work has started.
        internal ManagedField Work;
    }

    /// <summary>Gets the type, created at first use.</summary>
    public static BorrowedReference Type => InterpreterState.Current.Attachment<Registration>().Type;

    private static NewReference Create() =>
        new HeapType("pyasync.CoroutineStart", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("Starts .NET work when it is awaited.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_am_await, (delegate* unmanaged[Cdecl]<nint, nint>)&Await)
            .Create();

    /// <summary>Creates an object that runs <paramref name="start"/> when it is awaited, or never.</summary>
    public static NewReference New(PyCallable callable, CoroutineStart start)
    {
        NewReference created = CPython.PyType_GenericAlloc(CoroutineStartType.Type, 0).OrThrow();

        // SAFETY: just allocated with the size of Layout, and no other code has it yet.
        ((Layout*)created.Pointer)->Work.Set(new Work(callable, start));
        return created;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Await(nint self)
    {
        var layout = (Layout*)self;
        if (layout->Work.IsEmpty)
        {
            PythonErrors.Set("RuntimeError", "the work of this coroutine was started already");
            return 0;
        }

        // SAFETY: New has stored the work. The field is emptied, so that the objects that the work refers to live no longer than the work.
        Work work = layout->Work.Get<Work>();
        layout->Work.Clear();
        EntryFromPython entry = EntryFromPython.Begin();
        nint result;
        try
        {
            if (entry.IsStackLow)
            {
                FunctionType.ThrowStackIsLow();
            }

            var frame = new CallFrame(null, 0, 0, entry.Flow);
            using NewReference awaitable = work.Start(new CallbackArguments(in frame, work.Callable));
            result = IteratorOf(awaitable.Borrow()).Take();
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

    /// <summary>Calls the awaitable's <c>am_await</c>, as <c>await</c> does; a custom IRuntime may return any awaitable.</summary>
    private static NewReference IteratorOf(BorrowedReference awaitable)
    {
        void* slot = CPython.PyType_GetSlot(CPython.Py_TYPE(awaitable), CPython.Py_am_await);

        if (slot == null)
        {
            return awaitable.CallMethod(WellKnownNames.Current["__await__"]);
        }

        // SAFETY: am_await is a unaryfunc, PyObject *(*)(PyObject *).
        nint iterator = ((delegate* unmanaged[Cdecl]<nint, nint>)slot)(awaitable.Pointer);
        ForkedChild.EndIfForked();
        return new NewReference(iterator);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        ((Layout*)self)->Work.Clear();
        HeapType.Free(self);
    }

    private sealed record Work(PyCallable Callable, CoroutineStart Start);

    private sealed class Registration() : TypeRegistration(Create());
}
