using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>
/// A view of a Python <c>list</c> or another sequence. An item is converted when it is read, so that a big list of which few items are needed is not
/// copied. Changes that Python makes are visible.
/// </summary>
/// <remarks>
/// <para>Each access attaches the thread to Python, which waits for the GIL while other code holds it. To read all items, convert to a
/// <see cref="List{T}"/> instead: that attaches once.</para>
/// <para>Any thread may use it. Dispose it to release the Python object; one that is not disposed is released after a garbage collection. In Python it is the
/// sequence itself again.</para>
/// </remarks>
/// <typeparam name="T">The type of the items.</typeparam>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Named as the Python type is, like PyTuple.")]
public sealed class PyList<T> : IReadOnlyList<T>, IPythonView, IDisposable
{
    private readonly PyConverter<T> _item;

    /// <summary>Creates a view of a sequence.</summary>
    /// <param name="sequence">The sequence. Borrowed: it may be disposed afterwards.</param>
    /// <param name="item">Converts an item.</param>
    public PyList(PyObject sequence, PyConverter<T> item)
        : this(item, (sequence ?? throw new ArgumentNullException(nameof(sequence))).Clone())
    {
    }

    private PyList(PyConverter<T> item, PyObject sequence)
    {
        ArgumentNullException.ThrowIfNull(item);
        _item = item;
        Object = sequence;
    }

    /// <summary>Gets the sequence. Belongs to the view.</summary>
    public PyObject Object { get; }

    /// <summary>Gets the number of items now, as <c>len()</c>.</summary>
    /// <exception cref="PythonException"><c>TypeError</c>: the object has no length.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public int Count => Object.Length;

    /// <summary>Gets an item, converted.</summary>
    /// <param name="index">The index, from 0 on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no item with that index.</exception>
    /// <exception cref="PythonTypeErrorException">The item is of another type.</exception>
    /// <exception cref="PythonOverflowException">The item does not fit.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            return TryGet(index, out T? item)
                ? item
                : throw new ArgumentOutOfRangeException(nameof(index), index, $"The Python '{Object.TypeName}' has {Count} items.");
        }
    }

    /// <summary>Reads the items in order, each when it is needed, up to the end that the sequence then has.</summary>
    /// <exception cref="PythonTypeErrorException">An item is of another type.</exception>
    /// <exception cref="PythonOverflowException">An item does not fit.</exception>
    /// <exception cref="ObjectDisposedException">Disposed.</exception>
    public IEnumerator<T> GetEnumerator()
    {
        for (int i = 0; TryGet(i, out T? item); i++)
        {
            yield return item;
        }
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Releases the sequence.</summary>
    public void Dispose() => Object.Dispose();

    /// <summary>Creates a view that takes over an object.</summary>
    internal static PyList<T> Owning(PyObject sequence, PyConverter<T> item) => new(item, sequence);

    private bool TryGet(int index, [MaybeNullWhen(false)] out T item)
    {
        using AttachScope scope = PythonThread.Attach();
        using NewReference self = NewReference.From(Object.Reference);
        using NewReference found = CPython.PySequence_GetItem(self.Borrow(), index);
        if (found.IsNull)
        {
            item = default;
            return PythonErrors.TryClear("IndexError") ? false : throw PythonErrors.Take();
        }

        try
        {
            item = _item.FromReference(found.Borrow());
            return true;
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {index}"))
        {
            throw;
        }
    }
}
