using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

public sealed partial class PyObject
{
    /// <summary>Gets the length, <c>len(o)</c>.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: the object has no length.</exception>
    /// <exception cref="PythonOverflowException">It has more items than fit into an <c>int</c>.</exception>
    [SuppressMessage("Design", "CA1065:Do not raise exceptions in unexpected locations", Justification = "As Python's len(), which calls code of the object.")]
    public int Length
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference self = NewReference.From(Reference);
            nint length = CPython.PyObject_Size(self.Borrow());
            PythonErrors.ThrowIfNegative((int)Math.Sign(length));
            return length <= int.MaxValue ? (int)length : throw ErrorTranslator.Current.TooLarge(self.Borrow(), "System.Int32", $"{length} items", $"{int.MaxValue}");
        }
    }

    /// <summary>Gets or sets an item, as <c>o[index]</c>.</summary>
    public PyObject this[int index]
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference converted = Key(index);
            return GetItem(converted.Borrow());
        }

        set
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference converted = Key(index);
            SetItem(converted.Borrow(), value);
        }
    }

    /// <summary>Gets or sets an item, as <c>o["key"]</c>.</summary>
    public PyObject this[string key]
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference converted = Key(key);
            return GetItem(converted.Borrow());
        }

        set
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference converted = Key(key);
            SetItem(converted.Borrow(), value);
        }
    }

    /// <summary>Gets or sets an item, as <c>o[key]</c>.</summary>
    [SuppressMessage("Design", "CA1043:Use Integral Or String Argument For Indexers", Justification = "As Python's own indexing.")]
    public PyObject this[PyObject key]
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference converted = Key(key);
            return GetItem(converted.Borrow());
        }

        set
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference converted = Key(key);
            SetItem(converted.Borrow(), value);
        }
    }

    /// <summary>Removes an item, as <c>del o[key]</c>.</summary>
    public void DelItem(PyObject key)
    {
        ArgumentNullException.ThrowIfNull(key);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference keptKey = NewReference.From(key.Reference);
        PythonErrors.ThrowIfNegative(CPython.PyObject_DelItem(self.Borrow(), keptKey.Borrow()));
    }

    /// <summary>True if the object contains a value, as <c>value in o</c>.</summary>
    public bool Contains(PyObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference keptValue = NewReference.From(value.Reference);
        return PythonErrors.ThrowIfNegative(CPython.PySequence_Contains(self.Borrow(), keptValue.Borrow())) != 0;
    }

    /// <summary>
    /// Iterates, as <c>for item in o</c>. Each item belongs to the caller. For LINQ there is <see cref="Items"/>: if every object were an
    /// <see cref="IEnumerable{T}"/>, code that prints collections (loggers, test frameworks) would iterate over it.
    /// </summary>
    /// <exception cref="PythonException"><c>TypeError</c>: the object cannot be iterated.</exception>
    public IEnumerator<PyObject> GetEnumerator() => Items().GetEnumerator();

    /// <inheritdoc cref="GetEnumerator"/>
    public IEnumerable<PyObject> Items()
    {
        using PyObject iterator = GetIterator();
        while (iterator.Next() is { } item)
        {
            yield return item;
        }
    }

    private PyObject GetIterator()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        return CPython.PyObject_GetIter(self.Borrow()).ToPyObject();
    }

    private PyObject? Next()
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        NewReference item = CPython.PyIter_Next(self.Borrow());
        if (item.IsNull)
        {
            PythonErrors.ThrowIfSet();
            return null;
        }

        return item.ToPyObject();
    }

    private static NewReference Key(int index) => CPython.PyLong_FromLongLong(index).OrThrow();

    private static NewReference Key(string? key) => key is null ? NewReference.From(InterpreterState.Current.None) : PyText.FromString(key);

    private static NewReference Key(PyObject? key) => NewReference.From(key is null ? InterpreterState.Current.None : key.Reference);

    private PyObject GetItem(BorrowedReference key)
    {
        using NewReference self = NewReference.From(Reference);
        return CPython.PyObject_GetItem(self.Borrow(), key).ToPyObject();
    }

    private void SetItem(BorrowedReference key, PyObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using NewReference self = NewReference.From(Reference);
        using NewReference keptValue = NewReference.From(value.Reference);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetItem(self.Borrow(), key, keptValue.Borrow()));
    }
}
