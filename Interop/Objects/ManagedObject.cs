using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Objects;

/// <summary>A Python object that only keeps a .NET object alive, as long as Python holds it.</summary>
internal static unsafe class ManagedObject
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;
        internal ManagedField Target;
    }

    /// <summary>Gets the type, created at first use.</summary>
    public static BorrowedReference Type => InterpreterState.Current.Attachment<Registration>().Type;

    private static NewReference CreateType() =>
        new HeapType("pyasync.ManagedObject", sizeof(Layout), CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("Keeps a .NET object alive.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Create();

    /// <exception cref="PythonException">Out of memory.</exception>
    public static NewReference Wrap(object target)
    {
        NewReference created = CPython.PyType_GenericAlloc(ManagedObject.Type, 0).OrThrow();

        // SAFETY: just allocated with the size of Layout, and no other code has it yet.
        ((Layout*)created.Pointer)->Target.Set(target);
        return created;
    }

    /// <summary>Gets the .NET object of an object of this type. Another copy of this library has another type.</summary>
    public static bool TryUnwrap(BorrowedReference o, [NotNullWhen(true)] out object? target)
    {
        target = !o.IsNull && o.IsInstanceOfExactly(ManagedObject.Type)
            ? ((Layout*)o.Pointer)->Target.Target
            : null;
        return target is not null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        ((Layout*)self)->Target.Clear();
        HeapType.Free(self);
    }

    private sealed class Registration() : TypeRegistration(CreateType());
}
