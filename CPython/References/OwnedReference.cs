using System.Runtime.InteropServices;

namespace PyAsync.References;

/// <summary>
/// A field that owns a reference: in the memory of a Python object whose type is written in C#, or in a managed object that needs no <c>PyObject</c>.
/// Exactly as large as a <c>PyObject*</c>. The GIL guards it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OwnedReference
{
    private nint _pointer;

    public readonly bool IsNull => _pointer == 0;

    public readonly nint Pointer => _pointer;

    public readonly BorrowedReference Borrow() => new(_pointer);

    /// <summary>Stores a reference and drops the previous one, in the safe order (Py_XSETREF).</summary>
    public void Set(NewReference value)
    {
        nint old = _pointer;
        _pointer = value.Take();
        Drop(old);
    }

    /// <summary>Moves the reference out; the field is empty afterwards.</summary>
    public NewReference Take()
    {
        nint pointer = _pointer;
        _pointer = 0;
        return new NewReference(pointer);
    }

    /// <summary>Empties the field before it drops the reference, because dropping may run any code (Py_CLEAR).</summary>
    public void Clear()
    {
        nint old = _pointer;
        _pointer = 0;
        Drop(old);
    }

    private static void Drop(nint pointer)
    {
        if (pointer != 0)
        {
            ReferenceCount.Decrement(pointer);
        }
    }
}
