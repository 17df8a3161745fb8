using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PyAsync.Interop;

/// <summary>
/// One argument of a call: a value and its converter, and a name if it is passed by keyword. Common types convert to it
/// by themselves, so that a call reads <c>Call([1, "two", PyArgument.Named("timeout", 3.0)])</c>.
/// </summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Arguments are passed, never compared.")]
[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "Of and Named are those alternates.")]
public readonly struct PyArgument
{
    private readonly object? _value;
    private readonly PyConverter? _converter;

    private PyArgument(object? value, PyConverter converter, string? name = null)
    {
        _value = value;
        _converter = converter;
        Name = name;
    }

    /// <summary>The keyword it is passed by; null for a positional argument.</summary>
    public string? Name { get; }

    /// <summary>An argument with a given converter.</summary>
    public static PyArgument Of<T>(T value, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        return new PyArgument(value, converter);
    }

    /// <summary>An argument that is converted by what it is at run time, as <see cref="PyConvert.Object"/> does.</summary>
    public static PyArgument Of(object? value) => new(value, value is PyObject ? PyConvert.PyObject : PyConvert.Object);

    /// <summary>An argument passed by keyword.</summary>
    public static PyArgument Named(string name, PyArgument argument)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new PyArgument(argument._value, argument._converter ?? PyConvert.Object, name);
    }

    /// <summary>An object of Python's. It may be disposed straight after the call that it is passed to.</summary>
    public static implicit operator PyArgument(PyObject? value) => new(value, PyConvert.PyObject);

    /// <summary>An <c>int</c>.</summary>
    public static implicit operator PyArgument(int value) => new(value, PyConvert.Int32);

    /// <summary>An <c>int</c>.</summary>
    public static implicit operator PyArgument(long value) => new(value, PyConvert.Int64);

    /// <summary>A <c>float</c>.</summary>
    public static implicit operator PyArgument(double value) => new(value, PyConvert.Double);

    /// <summary>A <c>bool</c>.</summary>
    public static implicit operator PyArgument(bool value) => new(value, PyConvert.Boolean);

    /// <summary>A <c>str</c>; null is <c>None</c>.</summary>
    public static implicit operator PyArgument(string? value) => new(value, PyConvert.String);

    /// <summary><c>bytes</c>; null is <c>None</c>.</summary>
    public static implicit operator PyArgument(byte[]? value) => new(value, PyConvert.Bytes);

    /// <summary>A <c>decimal.Decimal</c>.</summary>
    public static implicit operator PyArgument(decimal value) => new(value, PyConvert.Decimal);

    /// <summary>A <c>datetime.datetime</c>.</summary>
    public static implicit operator PyArgument(DateTime value) => new(value, PyConvert.DateTime);

    /// <summary>An aware <c>datetime.datetime</c>.</summary>
    public static implicit operator PyArgument(DateTimeOffset value) => new(value, PyConvert.DateTimeOffset);

    /// <summary>A <c>datetime.timedelta</c>.</summary>
    public static implicit operator PyArgument(TimeSpan value) => new(value, PyConvert.TimeSpan);

    /// <summary>A <c>uuid.UUID</c>.</summary>
    public static implicit operator PyArgument(Guid value) => new(value, PyConvert.Guid);

    /// <inheritdoc/>
    public override string ToString() =>
        (Name is null ? "" : Name + "=") + Convert.ToString(_value, CultureInfo.InvariantCulture);

    /// <summary>The Python object if it is one: what a request under way has to keep alive.</summary>
    internal PyObject? AsPyObject => _value as PyObject;

    /// <summary>The converted value. Whoever calls holds a use of <see cref="AsPyObject"/>.</summary>
    internal NewReference ToReference() =>
        _value is PyObject o ? NewReference.From(o.ReferenceInUse) : (_converter ?? PyConvert.Object).ToReferenceBoxed(_value);
}
