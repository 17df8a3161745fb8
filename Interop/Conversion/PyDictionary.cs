using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>
/// A view of a Python <c>dict</c> or another mapping. An entry is converted when it is read, so that a big dictionary of which few entries are needed is
/// not copied. Changes that Python makes are visible.
/// </summary>
/// <remarks>
/// <para>Each access attaches the thread to Python, which waits for the GIL while other code holds it. To read all entries, convert to a
/// <see cref="Dictionary{TKey, TValue}"/> instead: that attaches once.</para>
/// <para>Any thread may use it. As in Python, a dictionary that changes its size while it is enumerated fails the enumeration
/// (<c>RuntimeError</c>). Dispose it to release the Python object; one that is not disposed is released after a garbage collection. In Python it is the
/// mapping itself again.</para>
/// </remarks>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Named as the Python type is, like PyTuple.")]
public sealed class PyDictionary<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>, IPythonView, IDisposable
    where TKey : notnull
{
    private readonly PyConverter<TKey> _key;
    private readonly PyConverter<TValue> _value;

    /// <summary>Creates a view of a mapping.</summary>
    /// <param name="mapping">The mapping. Borrowed: it may be disposed afterwards.</param>
    /// <param name="key">Converts a key.</param>
    /// <param name="value">Converts a value.</param>
    public PyDictionary(PyObject mapping, PyConverter<TKey> key, PyConverter<TValue> value)
        : this(key, value, (mapping ?? throw new ArgumentNullException(nameof(mapping))).Clone())
    {
    }

    private PyDictionary(PyConverter<TKey> key, PyConverter<TValue> value, PyObject mapping)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        _key = key;
        _value = value;
        Object = mapping;
    }

    /// <summary>Gets the mapping. Belongs to the view.</summary>
    public PyObject Object { get; }

    /// <summary>Gets the number of entries now, as <c>len()</c>.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: the object has no length.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public int Count => Object.Length;

    /// <summary>Gets the keys, each converted when it is read. An enumeration throws what <see cref="GetEnumerator"/> does.</summary>
    public IEnumerable<TKey> Keys => Read("keys", key => ReadItem(key, _key, "a key"));

    /// <summary>Gets the values, each converted when it is read. An enumeration throws what <see cref="GetEnumerator"/> does.</summary>
    public IEnumerable<TValue> Values => Read("values", value => ReadItem(value, _value, "a value"));

    /// <summary>Gets a value, converted.</summary>
    /// <param name="key">Its key.</param>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    /// <exception cref="PythonTypeErrorException">The value is of another type.</exception>
    /// <exception cref="PythonOverflowException">The value does not fit.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public TValue this[TKey key] => TryGetValue(key, out TValue? value)
        ? value
        : throw new KeyNotFoundException($"The Python '{Object.TypeName}' has no key {ConversionErrors.Key(key)}.");

    /// <summary>True if there is an entry with a key. Its value is not converted.</summary>
    /// <param name="key">The key; not null.</param>
    /// <exception cref="PythonException"><c>TypeError</c>: the key is of a type that has no hash.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public bool ContainsKey(TKey key)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference found = Find(key);
        return !found.IsNull;
    }

    /// <summary>Gets a value, converted, if there is one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="PythonTypeErrorException">The value is of another type.</exception>
    /// <exception cref="PythonOverflowException">The value does not fit.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference found = Find(key);
        value = found.IsNull ? default : ReadItem(found.Borrow(), _value, $"key {ConversionErrors.Key(key)}");
        return !found.IsNull;
    }

    /// <summary>Reads the entries, each when it is needed.</summary>
    /// <exception cref="PythonException"><c>RuntimeError</c>: the dictionary has changed its size.</exception>
    /// <exception cref="PythonTypeErrorException">A key or a value is of another type.</exception>
    /// <exception cref="PythonOverflowException">A key or a value does not fit.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => Read("items", ReadEntry).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Releases the mapping.</summary>
    public void Dispose() => Object.Dispose();

    /// <summary>Creates a view that takes over an object.</summary>
    internal static PyDictionary<TKey, TValue> Owning(PyObject mapping, PyConverter<TKey> key, PyConverter<TValue> value) => new(key, value, mapping);

    /// <summary>Looks a key up, without creating a missing entry as a <c>defaultdict</c> does. Needs the GIL.</summary>
    private NewReference Find(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        using NewReference self = NewReference.From(Object.Reference);
        using NewReference converted = _key.ToReference(key);
        if (self.Borrow().HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            BorrowedReference found = CPython.PyDict_GetItemWithError(self.Borrow(), converted.Borrow());
            if (found.IsNull)
            {
                PythonErrors.ThrowIfSet();
            }

            return NewReference.From(found);
        }

        NewReference item = CPython.PyObject_GetItem(self.Borrow(), converted.Borrow());
        return !item.IsNull || PythonErrors.TryClear("KeyError") ? item : throw PythonErrors.Take();
    }

    private IEnumerable<TItem> Read<TItem>(string method, ItemReader<TItem> read)
    {
        using PyObject iterator = Iterator(method);
        while (TryNext(iterator, read, out TItem? item))
        {
            yield return item;
        }
    }

    private PyObject Iterator(string method)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Object.Reference);
        using NewReference items = self.Borrow().CallMethod(WellKnownNames.Current[method]).OrThrow();
        return CPython.PyObject_GetIter(items.Borrow()).ToPyObject();
    }

    private static bool TryNext<TItem>(PyObject iterator, ItemReader<TItem> read, [MaybeNullWhen(false)] out TItem item)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference kept = NewReference.From(iterator.Reference);
        using NewReference next = CPython.PyIter_Next(kept.Borrow());
        if (next.IsNull)
        {
            PythonErrors.ThrowIfSet();
            item = default;
            return false;
        }

        item = read(next.Borrow());
        return true;
    }

    private KeyValuePair<TKey, TValue> ReadEntry(BorrowedReference entry)
    {
        PyTuple.ThrowIfNotOf(2, entry, typeof(KeyValuePair<TKey, TValue>));
        BorrowedReference key = CPython.PyTuple_GetItem(entry, 0);
        return new KeyValuePair<TKey, TValue>(
            ReadItem(key, _key, "a key"), ReadItem(CPython.PyTuple_GetItem(entry, 1), _value, $"key {ConversionErrors.Key(key)}"));
    }

    private static TItem ReadItem<TItem>(BorrowedReference item, PyConverter<TItem> converter, string position)
    {
        try
        {
            return converter.FromReference(item);
        }
        catch (Exception e) when (ConversionErrors.At(e, position))
        {
            throw;
        }
    }

    private delegate TItem ItemReader<TItem>(BorrowedReference item);
}
