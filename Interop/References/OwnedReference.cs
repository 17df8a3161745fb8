using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// A field that owns a reference: in the memory of a Python object whose type is ours, or in a managed object that is
/// not worth a <see cref="PyObject"/>. Exactly as large as a <c>PyObject*</c>. The GIL guards it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OwnedReference
{
    private nint _pointer;

    public readonly bool IsNull => _pointer == 0;

    public readonly nint Pointer => _pointer;

    public readonly BorrowedReference Borrow() => new(_pointer);

    /// <summary>Puts a reference here and drops the one that was here before, in the order that is safe (Py_XSETREF).</summary>
    public void Set(NewReference value)
    {
        nint old = _pointer;
        _pointer = value.Take();
        Drop(old);
    }

    /// <summary>Moves the reference out; the field is empty after.</summary>
    public NewReference Take()
    {
        nint pointer = _pointer;
        _pointer = 0;
        return new NewReference(pointer);
    }

    /// <summary>Empties the field first and drops the reference then, since dropping may run any code (Py_CLEAR).</summary>
    public void Clear()
    {
        nint old = _pointer;
        _pointer = 0;
        Drop(old);
    }

    /// <summary>Like <see cref="Clear"/>, from a thread that may not hold the GIL: the drop may happen later.</summary>
    public void ClearDeferred()
    {
        nint old = Interlocked.Exchange(ref _pointer, 0);
        if (old != 0)
        {
            PythonInterpreter.Release(old);
        }
    }

    private static void Drop(nint pointer)
    {
        if (pointer != 0)
        {
            CPython.Py_DECREF(pointer);
        }
    }
}
