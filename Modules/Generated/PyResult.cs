using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The result of a function written in C#: a new reference, without a managed owner. Returned once, and not read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct PyResult
{
    internal PyResult(NewReference reference) => Pointer = reference.Pointer;

    /// <summary>Gets Python's <c>None</c>.</summary>
    public static PyResult None => new(NewReference.From(InterpreterState.Current.None));

    internal nint Pointer { get; }

    /// <summary>Creates the result of <c>__init__</c>: the object that it was called on now represents a C# object.</summary>
    /// <exception cref="PythonTypeErrorException">It was called on an object of another type; Python sees a <c>TypeError</c>.</exception>
    public static PyResult Initialized<T>(scoped BoundArguments arguments, T target)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(target);
        arguments.BindSelf(target);
        return None;
    }

    /// <summary>Converts a .NET value.</summary>
    public static PyResult From<T>(T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return new PyResult(converter.ToReference(value));
    }
}
