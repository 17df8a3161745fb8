using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Buffers;

/// <summary>The Python type <c>pyasync.Memory</c>, whose instances export .NET memory: the object behind the memoryviews of <see cref="PyObject.FromMemory{T}(Memory{T}, ReadOnlySpan{nint})"/>.</summary>
internal static unsafe class MemoryType
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;
        internal ManagedField Memory;
    }

    /// <summary>Gets the type, created at first use.</summary>
    private static BorrowedReference Type => InterpreterState.Current.Attachment<Registration>().Type;

    private static NewReference CreateType() =>
        new HeapType("pyasync.Memory", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("Memory of .NET, which lives as long as this object and its views.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_bf_getbuffer, (delegate* unmanaged[Cdecl]<nint, CPython.Py_buffer*, int, int>)&GetBuffer)
            .Create();

    /// <summary>Creates a memoryview of memory. Needs the GIL.</summary>
    /// <param name="memory">The memory. If this method fails, it is released and its owner is not disposed.</param>
    /// <param name="owner">Disposed when Python has released the memory; null for none.</param>
    public static NewReference NewView(DotNetMemory memory, IDisposable? owner)
    {
        bool isHeld = false;
        try
        {
            using NewReference exporter = CPython.PyType_GenericAlloc(MemoryType.Type, 0).OrThrow();

            // SAFETY: just allocated with the size of Layout, and no other code has it yet.
            ((Layout*)exporter.Pointer)->Memory.Set(memory);
            isHeld = true;
            NewReference view = CPython.PyMemoryView_FromObject(exporter.Borrow()).OrThrow();
            memory.Owner = owner;
            return view;
        }
        finally
        {
            if (!isHeld)
            {
                memory.Release();
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetBuffer(nint self, CPython.Py_buffer* view, int flags)
    {
        if (Memory(self).Fill(view, self, flags) is not { } error)
        {
            return 0;
        }

        view->obj = 0;
        PythonErrors.Set("BufferError", error);
        return -1;
    }

    /// <summary>The last view is gone. Code of the owner runs, which is the application's, so it runs as any C# code that Python calls.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        if (!((Layout*)self)->Memory.IsEmpty)
        {
            // An object may be deallocated while an error is set.
            NewReference error = CPython.PyErr_GetRaisedException();
            Release(self);
            if (!error.IsNull)
            {
                CPython.PyErr_SetRaisedException(error);
            }
        }

        HeapType.Free(self);
    }

    private static void Release(nint self)
    {
        DotNetMemory memory = Memory(self);
        ((Layout*)self)->Memory.Clear();
        EntryFromPython entry = EntryFromPython.Begin();
        try
        {
            memory.Release();
        }
#pragma warning disable CA1031 // No exception may cross into C, and a deallocation cannot raise one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            CPython.PyErr_WriteUnraisable(MemoryType.Type);
        }

        entry.End();
    }

    private static DotNetMemory Memory(nint self) =>
        // SAFETY: NewView has stored the memory, and no other code writes there.
        ((Layout*)self)->Memory.Get<DotNetMemory>();

    private sealed class Registration() : TypeRegistration(CreateType());
}
