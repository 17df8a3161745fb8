namespace PyAsync.Interop;

public static partial class PyConvert
{
    /// <summary>
    /// A view of a Python sequence, which converts an item when it is read, instead of copying all of them. Belongs to the caller.
    /// None, and an object without items, is refused with a <see cref="PythonTypeErrorException"/>; <see cref="OrNull{T}"/> accepts None.
    /// </summary>
    /// <param name="item">Converts an item.</param>
    public static PyConverter<PyList<T>> ListView<T>(PyConverter<T> item) => new ListViewConverter<T>(Given(item));

    /// <summary>
    /// A view of a <c>dict</c> or another mapping, which converts an entry when it is read, instead of copying all of them. Belongs to the caller.
    /// None, and an object that is no mapping, is refused with a <see cref="PythonTypeErrorException"/>; <see cref="OrNull{T}"/> accepts None.
    /// </summary>
    /// <param name="key">Converts a key.</param>
    /// <param name="value">Converts a value.</param>
    public static PyConverter<PyDictionary<TKey, TValue>> DictionaryView<TKey, TValue>(PyConverter<TKey> key, PyConverter<TValue> value)
        where TKey : notnull => new DictionaryViewConverter<TKey, TValue>(Given(key), Given(value));

    /// <summary>A <c>tuple</c> of eight.</summary>
    public static PyConverter<(T1 First, T2 Second, T3 Third, T4 Fourth, T5 Fifth, T6 Sixth, T7 Seventh, T8 Eighth)> Tuple<T1, T2, T3, T4, T5, T6, T7, T8>(
        PyConverter<T1> item1, PyConverter<T2> item2, PyConverter<T3> item3, PyConverter<T4> item4, PyConverter<T5> item5, PyConverter<T6> item6, PyConverter<T7> item7, PyConverter<T8> item8) =>
        new TupleConverter<T1, T2, T3, T4, T5, T6, T7, T8>(Given(item1), Given(item2), Given(item3), Given(item4), Given(item5), Given(item6), Given(item7), Given(item8));
}
