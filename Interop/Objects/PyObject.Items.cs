using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

public sealed partial class PyObject
{
    /// <summary><c>len(o)</c>.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: it has no length.</exception>
    public int Length
    {
        get
        {
            using AttachScope scope = PythonThread.Attach();
            using NewReference self = NewReference.From(Reference);
            nint length = CPython.PyObject_Size(self.Borrow());
            PythonErrors.ThrowIfNegative((int)Math.Sign(length));
            return checked((int)length);
        }
    }

    /// <summary>An item, as <c>o[index]</c>.</summary>
    public PyObject this[int index]
    {
        get => GetItem(index, PyConvert.Int32);
        set => SetItem(index, PyConvert.Int32, value);
    }

    /// <summary>An item, as <c>o["key"]</c>.</summary>
    public PyObject this[string key]
    {
        get => GetItem(key, PyConvert.String);
        set => SetItem(key, PyConvert.String, value);
    }

    /// <summary>An item, as <c>o[key]</c>.</summary>
    [SuppressMessage("Design", "CA1043:Use Integral Or String Argument For Indexers", Justification = "As Python's own indexing.")]
    public PyObject this[PyObject key]
    {
        get => GetItem(key, PyConvert.PyObject);
        set => SetItem(key, PyConvert.PyObject, value);
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

    /// <summary><c>value in o</c>.</summary>
    public bool Contains(PyObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference keptValue = NewReference.From(value.Reference);
        return PythonErrors.ThrowIfNegative(CPython.PySequence_Contains(self.Borrow(), keptValue.Borrow())) != 0;
    }

    /// <summary>
    /// Iterates, as <c>for item in o</c>. Each item belongs to the caller. For LINQ there is <see cref="Items"/>: were every object an
    /// <see cref="IEnumerable{T}"/>, whatever prints collections (loggers, test frameworks) would iterate over it.
    /// </summary>
    /// <exception cref="PythonException"><c>TypeError</c>: it cannot be iterated.</exception>
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

    private PyObject GetItem<TKey>(TKey key, PyConverter<TKey> converter)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference converted = converter.ToReference(key);
        return CPython.PyObject_GetItem(self.Borrow(), converted.Borrow()).ToPyObject();
    }

    private void SetItem<TKey>(TKey key, PyConverter<TKey> converter, PyObject value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Reference);
        using NewReference converted = converter.ToReference(key);
        using NewReference keptValue = NewReference.From(value.Reference);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetItem(self.Borrow(), converted.Borrow(), keptValue.Borrow()));
    }
}
