using System.Collections;
using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// A Python <c>tuple</c> of any length, as <c>object</c>: the result of converting a tuple without a given type. Two are equal if their items are, so
/// it can be a key of a dictionary as in Python.
/// </summary>
/// <remarks>Convert a tuple whose type is known to a C# tuple instead: <c>As&lt;(int, string)&gt;()</c>. Both convert back to a Python <c>tuple</c>.</remarks>
[CollectionBuilder(typeof(PyTuple), nameof(Create))]
public sealed partial class PyTuple : IReadOnlyList<object?>, ITuple, IEquatable<PyTuple>
{
    private readonly object?[] _items;

    private PyTuple(object?[] items) => _items = items;

    /// <summary>Gets the number of items.</summary>
    public int Count => _items.Length;

    /// <summary>Gets the number of items.</summary>
    int ITuple.Length => _items.Length;

    /// <summary>Gets an item, from 0 on.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no item with that index.</exception>
    public object? this[int index] => _items[index];

    /// <summary>Creates a tuple from a collection expression: <c>PyTuple t = [1L, "a"];</c>.</summary>
    public static PyTuple Create(ReadOnlySpan<object?> items) => new(items.ToArray());

    /// <inheritdoc/>
    public bool Equals(PyTuple? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PyTuple);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (object? item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>Gets the items in parentheses, like a C# tuple.</summary>
    public override string ToString() => $"({string.Join(", ", _items)})";

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator() => ((IEnumerable<object?>)_items).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static void Set(BorrowedReference tuple, int index, NewReference value) =>
        PythonErrors.ThrowIfNegative(CPython.PyTuple_SetItem(tuple, index, value.Steal()));

    /// <summary>Creates a tuple that takes over an array.</summary>
    internal static PyTuple Owning(object?[] items) => new(items);
}
