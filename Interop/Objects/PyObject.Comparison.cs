using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "Not every Python object can be ordered; Compare says which way it is asked.")]
public sealed partial class PyObject : IEquatable<PyObject>, IComparable<PyObject>
{
    /// <summary>Whether both are the same object, as <c>a is b</c>. Needs no GIL.</summary>
    public bool Is(PyObject? other) => other is not null && _pointer == other._pointer;

    /// <summary>Python's own equality, <c>a == b</c>.</summary>
    /// <exception cref="PythonException">What <c>__eq__</c> raised.</exception>
    public bool Equals([NotNullWhen(true)] PyObject? other) =>
        other is not null && (ReferenceEquals(this, other) || RichCompare(other, CPython.Py_EQ));

    /// <inheritdoc cref="Equals(PyObject)"/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PyObject other && Equals(other);

    /// <summary>Python's own hash, folded to 32 bits.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: it cannot be hashed (a list, a dict).</exception>
    [SuppressMessage("Design", "CA1065:Do not raise exceptions in unexpected locations", Justification = "As in Python, what has no hash cannot be a key.")]
    public override int GetHashCode()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        nint hash = CPython.PyObject_Hash(self.Borrow());
        if (hash == -1)
        {
            PythonErrors.ThrowIfSet();
        }

        return hash.GetHashCode();
    }

    /// <summary>Orders by Python's <c>&lt;</c> and <c>==</c>. Null comes first.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: the two cannot be ordered.</exception>
    public int CompareTo(PyObject? other)
    {
        if (other is null || Equals(other))
        {
            return other is null ? 1 : 0;
        }

        return RichCompare(other, CPython.Py_LT) ? -1 : 1;
    }

    /// <summary>Python's truth of the object, as in <c>if o:</c>.</summary>
    public bool IsTrue()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        return PythonErrors.ThrowIfNegative(CPython.PyObject_IsTrue(self.Borrow())) != 0;
    }

    /// <summary><c>isinstance(o, type)</c>.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: <paramref name="type"/> is no type.</exception>
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
