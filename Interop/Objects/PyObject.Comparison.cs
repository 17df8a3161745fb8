using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "Not every Python object can be ordered; CompareTo throws for those.")]
public sealed partial class PyObject : IEquatable<PyObject>, IComparable<PyObject>
{
    /// <summary>True if both are the same object, as <c>a is b</c>. Needs no GIL.</summary>
    public bool Is(PyObject? other) => other is not null && _pointer == other._pointer;

    /// <summary>
    /// True if both are the same Python object, as <c>a is b</c>. Runs no Python code and needs no GIL, so that any object may be a key;
    /// <see cref="PythonEquals"/> is Python's <c>==</c>. A disposed object equals itself only.
    /// </summary>
    public bool Equals([NotNullWhen(true)] PyObject? other) =>
        ReferenceEquals(this, other) || (Is(other) && !IsDisposed && !other!.IsDisposed);

    /// <inheritdoc cref="Equals(PyObject)"/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PyObject other && Equals(other);

    /// <summary>Gets a hash of the object's identity, which does not change. Runs no Python code and needs no GIL; <see cref="PythonHash"/> is Python's <c>hash()</c>.</summary>
    public override int GetHashCode() => _pointer.GetHashCode();

    /// <summary>True if the two are equal in Python, as <c>a == b</c>. Takes the GIL if the thread does not hold it.</summary>
    /// <exception cref="PythonException"><c>__eq__</c> raised an exception.</exception>
    public bool PythonEquals([NotNullWhen(true)] PyObject? other) => other is not null && RichCompare(other, CPython.Py_EQ);

    /// <summary>Gets Python's own hash, as <c>hash(o)</c>. Takes the GIL if the thread does not hold it.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: the object cannot be hashed (a list, a dict).</exception>
    public long PythonHash()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        nint hash = CPython.PyObject_Hash(self.Borrow());
        if (hash == -1)
        {
            PythonErrors.ThrowIfSet();
        }

        return hash;
    }

    /// <summary>Orders by Python's <c>&lt;</c> and <c>==</c>, unlike <see cref="Equals(PyObject)"/>. Null comes first.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: the two cannot be ordered.</exception>
    public int CompareTo(PyObject? other)
    {
        if (other is null || PythonEquals(other))
        {
            return other is null ? 1 : 0;
        }

        return RichCompare(other, CPython.Py_LT) ? -1 : 1;
    }

    /// <summary>Gets the truth value of the object, as in <c>if o:</c>.</summary>
    public bool IsTrue()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        return PythonErrors.ThrowIfNegative(CPython.PyObject_IsTrue(self.Borrow())) != 0;
    }

    /// <summary>Calls <c>isinstance(o, type)</c>.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: <paramref name="type"/> is not a type.</exception>
    public bool IsInstance(PyObject type)
    {
        ArgumentNullException.ThrowIfNull(type);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference keptType = NewReference.From(type.Reference);
        return PythonErrors.ThrowIfNegative(CPython.PyObject_IsInstance(self.Borrow(), keptType.Borrow())) != 0;
    }

    private bool RichCompare(PyObject other, int operation)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference keptOther = NewReference.From(other.Reference);
        return PythonErrors.ThrowIfNegative(CPython.PyObject_RichCompareBool(self.Borrow(), keptOther.Borrow(), operation)) != 0;
    }
}
