namespace PyAsync.Interop;

/// <summary>
/// Converts <typeparamref name="T"/> to Python and back. Converters are values that compose
/// (<c>PyConvert.List(PyConvert.Int32)</c>) and need no reflection, so that they serve generated code and NativeAOT.
/// </summary>
/// <remarks>
/// Derive from it to convert a custom type, and pass it to <see cref="PyConvert.Register{T}"/> so that the short forms find it. A converter has no
/// state and may be used by many threads at once; runtimes call it on the event loop's thread, with the GIL held.
/// </remarks>
/// <typeparam name="T">The .NET type.</typeparam>
public abstract class PyConverter<T> : PyConverter
{
    /// <inheritdoc/>
    public sealed override Type Type => typeof(T);

    /// <summary>Converts a value to a Python object, which belongs to the caller.</summary>
    public abstract PyObject ToPython(T value);

    /// <summary>Converts a Python object to a value.</summary>
    /// <exception cref="InvalidCastException">The object's type cannot be converted to <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public abstract T FromPython(PyObject value);

    /// <summary>Converts as <see cref="ToPython"/> does, without a managed owner. Never NULL: a failure throws. Needs the GIL.</summary>
    internal virtual NewReference ToReference(T value)
    {
        Nesting.ThrowIfStackIsLow();
        using PyObject converted = ToPython(value)
            ?? throw new InvalidOperationException($"{GetType().Name}.ToPython returned null; for Python's None return PyObject.None.");
        return NewReference.From(converted.Reference);
    }

    /// <summary>Converts as <see cref="FromPython"/> does, an object that another owner keeps alive. Needs the GIL.</summary>
    internal virtual T FromReference(BorrowedReference value)
    {
        Nesting.ThrowIfStackIsLow();
        using PyObject owned = PyObject.FromBorrowed(value);
        return FromPython(owned);
    }

    internal sealed override NewReference ToReferenceBoxed(object? value) => ToReference((T)value!);
}
