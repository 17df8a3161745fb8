using System.Diagnostics.CodeAnalysis;

namespace PyAsync;

/// <summary>
/// An argument that may be omitted, so that Python's own default applies. <c>PyOptional&lt;string?&gt; unit = default</c> distinguishes "not given" from <c>None</c>.
/// </summary>
/// <typeparam name="T">The type of the argument.</typeparam>
[SuppressMessage("Usage", "CA2225:Operator overloads have named alternates", Justification = "The constructor is the alternate.")]
public readonly record struct PyOptional<T>
{
    private readonly T? _value;

    /// <param name="value">The argument. Null is passed as <c>None</c>.</param>
    public PyOptional(T value)
    {
        _value = value;
        HasValue = true;
    }

    /// <summary>Gets the value of an argument that is not given: the default.</summary>
    public static PyOptional<T> Missing => default;

    /// <summary>True if the argument is given.</summary>
    public bool HasValue { get; }

    /// <summary>Gets the argument.</summary>
    /// <exception cref="InvalidOperationException">It is not given.</exception>
    public T Value => HasValue ? _value! : throw new InvalidOperationException("The argument is not given.");

    /// <summary>Gives an argument.</summary>
    public static implicit operator PyOptional<T>(T value) => new(value);

    /// <summary>Gets the argument's text.</summary>
    public override string ToString() => HasValue ? $"{_value}" : "(not given)";
}
