using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// One reference that is ours to give back. It ends in exactly one way: <see cref="Dispose"/> drops it,
/// <see cref="Steal"/> gives it to a C function that keeps it, <see cref="ToPyObject"/> and
/// <see cref="OwnedReference"/> move it into something that outlives the method.
/// </summary>
/// <remarks>
/// This file and <see cref="OwnedReference"/> are the only ones that count references. A variable declared with
/// <c>using</c> is read-only, so the methods that move work on a copy of it: move only out of plain variables.
/// </remarks>
[DebuggerDisplay("{_pointer}")]
internal ref struct NewReference(nint pointer)
{
    private nint _pointer = pointer;

    public readonly bool IsNull => _pointer == 0;

    public readonly nint Pointer => _pointer;

    /// <summary>A further reference to an object that somebody else keeps alive; NULL stays NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NewReference From(BorrowedReference borrowed)
    {
        if (!borrowed.IsNull)
        {
            CPython.Py_INCREF(borrowed);
        }

        return new NewReference(borrowed.Pointer);
    }

    public readonly BorrowedReference Borrow() => new(_pointer);

    public StolenReference Steal() => new(Take());

    /// <summary>Moves the reference into a managed owner.</summary>
    /// <exception cref="PythonException">The reference is NULL: the current Python error is thrown.</exception>
    public PyObject ToPyObject()
    {
        if (_pointer == 0)
        {
            throw PythonErrors.Take();
        }

        return new PyObject(Take());
    }

    /// <summary>This reference, or the current Python error as an exception when it is NULL.</summary>
    public readonly NewReference OrThrow() => _pointer != 0 ? this : throw PythonErrors.Take();

    /// <summary>The bare address, for the return value of a slot that gives a reference away.</summary>
    public nint Take()
    {
        nint pointer = _pointer;
        _pointer = 0;
        return pointer;
    }

    public void Dispose()
    {
        nint pointer = Take();
        if (pointer != 0)
        {
            CPython.Py_DECREF(pointer);
        }
    }
}
