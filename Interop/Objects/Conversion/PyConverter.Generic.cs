namespace PyAsync.Interop;

/// <summary>
/// Converts <typeparamref name="T"/> to Python and back. Converters are values that compose
/// (<c>PyConvert.List(PyConvert.Int32)</c>) and need no reflection, so that they serve generated code and NativeAOT.
/// </summary>
/// <remarks>
/// Derive from it to convert a type of your own, and give it to <see cref="PyConvert.Register{T}"/> so that the short
/// forms find it. A converter has no state and may be used by many threads at once; runtimes call it on the event
/// loop's thread, with the GIL held.
/// </remarks>
/// <typeparam name="T">The .NET type.</typeparam>
public abstract class PyConverter<T> : PyConverter
{
    /// <inheritdoc/>
    public sealed override Type Type => typeof(T);

    /// <summary>Makes the Python object for a value. It belongs to the caller.</summary>
    public abstract PyObject ToPython(T value);

    /// <summary>Makes the value of a Python object.</summary>
    /// <exception cref="InvalidCastException">The object is of a type that <typeparamref name="T"/> does not take.</exception>
    /// <exception cref="OverflowException">The value does not fit.</exception>
    public abstract T FromPython(PyObject value);

    /// <summary><see cref="ToPython"/> without a managed owner. Never NULL: what fails throws. Needs the GIL.</summary>
    internal virtual NewReference ToReference(T value)
    {
        using PyObject converted = ToPython(value)
            ?? throw new InvalidOperationException($"{GetType().Name}.ToPython gave null; for Python's None give PyObject.None.");
        return NewReference.From(converted.Reference);
    }

    /// <summary><see cref="FromPython"/> of an object that somebody else keeps alive. Needs the GIL.</summary>
    internal virtual T FromReference(BorrowedReference value)
    {
        using PyObject owned = PyObject.FromBorrowed(value);
        return FromPython(owned);
    }

    internal sealed override NewReference ToReferenceBoxed(object? value) => ToReference((T)value!);
}
