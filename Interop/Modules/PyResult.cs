namespace PyAsync.Interop;

/// <summary>What a function written in C# gives back to Python: a new reference, without a managed owner. Returned once, and not looked at.</summary>
public readonly ref struct PyResult
{
    internal PyResult(NewReference reference) => Pointer = reference.Pointer;

    /// <summary>Python's <c>None</c>.</summary>
    public static PyResult None => new(NewReference.From(PythonInterpreter.Current.None));

    internal nint Pointer { get; }

    /// <summary>Of <c>__init__</c>: the object that it was called on now stands for a C# object.</summary>
    /// <exception cref="PythonTypeErrorException">It was called on an object of another type; Python sees a <c>TypeError</c>.</exception>
    public static PyResult Initialized<T>(scoped BoundArguments arguments, T target)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(target);
        arguments.BindSelf(target);
        return None;
    }

    /// <summary>A .NET value, converted.</summary>
    public static PyResult From<T>(T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return new PyResult(converter.ToReference(value));
    }
}
