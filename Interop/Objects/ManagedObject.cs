using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>A Python object that does nothing but keep a .NET object alive, for as long as Python holds it.</summary>
internal static unsafe class ManagedObject
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;
        internal nint Handle;
    }

    public static NewReference CreateType() =>
        new HeapType("pyasync.ManagedObject", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("Keeps a .NET object alive.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Create();

    /// <exception cref="PythonException">Out of memory.</exception>
    public static NewReference Wrap(object target)
    {
        NewReference created = CPython.PyType_GenericAlloc(PythonInterpreter.Current.Types.ManagedObjectType, 0).OrThrow();

        // SAFETY: just allocated with the size of Layout, and nobody else has it yet.
        ((Layout*)created.Pointer)->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(target));
        return created;
    }

    /// <summary>The .NET object inside, if this is one of ours: another copy of this library has a type of its own.</summary>
    public static bool TryUnwrap(BorrowedReference o, [NotNullWhen(true)] out object? target)
    {
        target = !o.IsNull && o.IsInstanceOfExactly(PythonInterpreter.Current.Types.ManagedObjectType)
            ? GCHandle.FromIntPtr(((Layout*)o.Pointer)->Handle).Target
            : null;
        return target is not null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        GCHandle.FromIntPtr(((Layout*)self)->Handle).Free();
        HeapType.Free(self);
    }
}
