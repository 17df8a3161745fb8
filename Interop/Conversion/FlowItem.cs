using PyAsync.Interop;

namespace PyAsync.Conversion;

/// <summary>Items of streams and queues that hold Python objects or their memory.</summary>
internal static class FlowItem
{
    private static readonly UsedObjectConverter s_inUse = new();

    /// <summary>Gets the converter for items between <see cref="BeginUse"/> and <see cref="EndUse"/>.</summary>
    public static PyConverter<T> ConverterInUse<T>(PyConverter<T> converter) => converter is PyObjectConverter ? (PyConverter<T>)(object)s_inUse : converter;

    /// <summary>
    /// Keeps a Python object until it has reached Python: .NET code that gives an item may dispose it before that, as <see langword="using"/> in an iterator does. Needs no GIL.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The item is disposed.</exception>
    public static void BeginUse<T>(T item) => (item as PyObject)?.BeginUse();

    /// <summary>Ends a use. Needs no GIL.</summary>
    public static void EndUse<T>(T item) => (item as PyObject)?.EndUse();

    /// <summary>Releases an item that was converted from Python and that no code will read. Needs no GIL.</summary>
    public static void Drop<T>(T item)
    {
        if (item is PyObject or IHeldBuffer)
        {
            ((IDisposable)item).Dispose();
        }
    }

    private sealed class UsedObjectConverter : ReferenceConverter<PyObject>
    {
        internal override NewReference ToReference(PyObject value) => NewReference.From(value is null ? InterpreterState.Current.None : value.ReferenceInUse);

        internal override PyObject FromReference(BorrowedReference value) => PyObject.FromBorrowed(value);
    }
}
