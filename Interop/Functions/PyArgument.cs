using System.Globalization;

namespace PyAsync.Interop;

/// <summary>
/// An argument of a call with a converter, or passed by keyword, as in <c>Call([1, "two", PyArgument.Named("timeout", 3.0)])</c>. Other arguments need no wrapper.
/// </summary>
public sealed class PyArgument
{
    private readonly object? _value;
    private readonly PyConverter? _converter;

    private PyArgument(object? value, PyConverter? converter, string? name)
    {
        _value = value;
        _converter = converter;
        Name = name;
    }

    /// <summary>Gets the keyword that the argument is passed by; null for a positional argument.</summary>
    public string? Name { get; }

    /// <summary>Creates an argument with a given converter.</summary>
    /// <param name="value">The value.</param>
    /// <param name="converter">Converts it when the call is made.</param>
    public static PyArgument Of<T>(T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return new PyArgument(value, converter, null);
    }

    /// <summary>Creates an argument that is passed by keyword.</summary>
    /// <param name="name">The keyword.</param>
    /// <param name="value">Any value, or an argument with a converter (<see cref="Of{T}"/>).</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static PyArgument Named(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return value is PyArgument argument ? new PyArgument(argument._value, argument._converter, name) : new PyArgument(value, null, name);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        (Name is null ? "" : Name + "=") + Convert.ToString(_value, CultureInfo.InvariantCulture);

    /// <summary>Gets the Python object of an argument; null if it is not one. A request in flight must keep the object alive.</summary>
    internal static PyObject? PythonObject(object? argument) => Unwrapped(argument) ?? Unwrapped((argument as PyArgument)?._value);

    /// <summary>Gets the Python object that a value is, or is a proxy of; null if it is none.</summary>
    internal static PyObject? Unwrapped(object? value) => value as PyObject ?? (value as IPythonView)?.Object;

    /// <summary>Keeps the Python object of an argument, if it is one, alive until <see cref="EndUse"/>. Needs no GIL.</summary>
    /// <exception cref="ObjectDisposedException">The object is disposed. The exception names the type of a view or proxy.</exception>
    internal static void BeginUse(object? argument)
    {
        if (PythonObject(argument) is { } o && !o.TryBeginUse())
        {
            IPythonView? view = argument as IPythonView ?? (argument as PyArgument)?._value as IPythonView;
            throw new ObjectDisposedException(view?.Name ?? o.GetType().ToString());
        }
    }

    /// <summary>Ends the use of the Python object of an argument, if it is one. Needs no GIL.</summary>
    internal static void EndUse(object? argument) => PythonObject(argument)?.EndUse();

    /// <summary>Converts an argument. The caller holds a use of its <see cref="PythonObject"/>. Needs the GIL.</summary>
    internal static NewReference ToReference(object? argument) => argument switch
    {
        PyObject o => NewReference.From(o.ReferenceInUse),
        string text => PyConvert.String.ToReference(text),
        int number => PyConvert.Int32.ToReference(number),
        PyArgument { _value: PyObject o } => NewReference.From(o.ReferenceInUse),
        IPythonView view => NewReference.From(view.Object.ReferenceInUse),
        PyArgument { _value: IPythonView view } => NewReference.From(view.Object.ReferenceInUse),
        PyArgument { _converter: { } converter } given => converter.ToReferenceBoxed(given._value),
        PyArgument given => PyConvert.Object.ToReference(given._value),
        _ => PyConvert.Object.ToReference(argument),
    };
}
