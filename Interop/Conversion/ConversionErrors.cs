namespace PyAsync.Conversion;

/// <summary>Creates the exceptions for values that cannot be converted, with both types, the reason, and the value if it is useful.</summary>
internal static class ConversionErrors
{
    /// <param name="value">The value that does not convert.</param>
    /// <param name="target">The requested .NET type.</param>
    /// <param name="reason">The fault of a value of the right type, as a predicate: <c>is naive</c>.</param>
    /// <param name="hint">A sentence with advice for the author of the C# code.</param>
    public static PythonTypeErrorException WrongType(BorrowedReference value, Type target, string? reason = null, string? hint = null)
    {
        string type = PyText.TypeName(CPython.Py_TYPE(value));
        if (value.IsNone && reason is null && !target.IsValueType)
        {
            hint ??= "For a value that may be None, declare the type nullable, or pass PyConvert.OrNull(converter).";
        }

        string text = $"A Python '{type}' cannot be converted to {Name(target)}{(reason is null ? "." : $": it {reason}.")}{(hint is null ? "" : " " + hint)}";
        return new PythonTypeErrorException(new ConversionFailure(text, value.IsNone ? "None" : type, reason));
    }

    public static PythonOverflowException OutOfRange(BorrowedReference value, Type target, string range)
    {
        string type = PyText.TypeName(CPython.Py_TYPE(value)), shown = Shorten(Describe(value));
        string text = $"The Python '{type}' {shown} is out of the range of {Name(target)} ({range}).";
        return new PythonOverflowException(new ConversionFailure(text, type, $"{shown} is out of range ({range})"));
    }

    /// <summary>Creates the exception for a value that has more bytes, characters or items than the .NET type can hold.</summary>
    public static PythonOverflowException TooLarge(BorrowedReference value, Type target, string size, string most)
        => ExceptionTranslator.NewTooLarge(value, Name(target), size, most);

    /// <summary>Creates the exception for values that .NET distinguishes and Python does not, so that one of them would be lost: 1, 1.0 and True.</summary>
    /// <param name="role">The role of the value: key, item.</param>
    /// <param name="value">The second of them.</param>
    public static ArgumentException EqualInPython(string role, object? value) =>
        new($"The {role} {Key(value)}, a {Name(value!.GetType())}, equals an earlier {role} in Python, where 1, 1.0 and True are equal: one of them would be lost. Use values of one type.");

    public static MissingConverterException NoConverter(Type type, string within = "")
    {
        string advice = MissingConverter.Advice(type)
            ?? "Register one with PyConvert.Register, or use PyObject and convert it yourself.";
        return new MissingConverterException($"There is no converter for {Name(type)}{within}. {advice}");
    }

    /// <summary>
    /// An exception filter that records the position of the item that the exception comes from, and lets the exception pass. Filters run before the
    /// stack is unwound, so that the exception is not caught and thrown again at each level.
    /// </summary>
    public static bool At(Exception exception, string position)
    {
        if (exception is IConversionFailure { Failure: var failure })
        {
            failure.Add(position);
        }

        return false;
    }

    /// <summary>Describes a key of a dictionary in a few characters.</summary>
    public static string Key(BorrowedReference key) =>
        PyText.IsString(key) ? $"'{Shorten(PyText.ToString(key))}'"
        : key.IsNone || key.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS) || key.IsInstanceOfExactly(WellKnownObjects.Current.FloatType) ? Shorten(Describe(key))
        : $"<{PyText.TypeName(CPython.Py_TYPE(key))}>"; // str() of other objects may be long, and may run any code.

    /// <summary>Describes a key of a .NET dictionary in a few characters.</summary>
    public static string Key(object? key) => key switch
    {
        string text => $"'{Shorten(text)}'",
        null or bool or IFormattable => Shorten($"{key}"),
        _ => $"<{Name(key.GetType())}>",
    };

    /// <summary>Gets the C# name of a type: <c>System.Int32</c>, <c>System.Int32[,]</c>, <c>System.Collections.Generic.List&lt;System.String&gt;</c>.</summary>
    public static string Name(Type type)
    {
        if (type.IsArray)
        {
            // C# writes the outermost array first: an array of int[,] is int[][,].
            Type element = type;
            string ranks = "";
            while (element.IsArray)
            {
                ranks += $"[{new string(',', element.GetArrayRank() - 1)}]";
                element = element.GetElementType()!;
            }

            return Name(element) + ranks;
        }

        if (!type.IsGenericType)
        {
            return type.FullName ?? type.Name;
        }

        string open = type.GetGenericTypeDefinition().FullName!;
        int tick = open.IndexOf('`', StringComparison.Ordinal);
        return $"{(tick < 0 ? open : open[..tick])}<{string.Join(", ", Array.ConvertAll(type.GetGenericArguments(), Name))}>";
    }

    /// <summary>Gets <c>str()</c> of a value; for an int that Python refuses to write, its size.</summary>
    private static string Describe(BorrowedReference value)
    {
        if (!value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            return PyText.Describe(value);
        }

        using NewReference bits = value.CallMethod(WellKnownNames.Current["bit_length"]);
        if (bits.IsNull)
        {
            PythonErrors.Forget();
            return PyText.Describe(value);
        }

        long count = IntegerConverter.Truncated(bits.Borrow());
        return count <= 1024 ? PyText.Describe(value) : $"of {count} bits";
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
