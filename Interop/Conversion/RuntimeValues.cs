namespace PyAsync.Conversion;

/// <summary>The conversions of values that need a runtime: Tasks, streams and delegates. A layer above sets them when the first runtime is created.</summary>
internal static class RuntimeValues
{
    /// <summary>Gets or sets the conversion of a value by its type at run time; the result is null if the value is of another kind.</summary>
    public static Func<object, PyObject?>? ToPython { get; set; }

    /// <summary>Gets or sets the factory of converters of specific types; the result is null for other types.</summary>
    public static Func<Type, PyConverter?>? Compose { get; set; }

    /// <summary>Converts a value; NULL if it is of another kind.</summary>
    public static NewReference Convert(object value)
    {
        using PyObject? converted = ToPython?.Invoke(value);
        return converted is null ? default : NewReference.From(converted.Reference);
    }
}
