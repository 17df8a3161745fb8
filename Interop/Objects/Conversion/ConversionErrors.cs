namespace PyAsync.Interop;

/// <summary>What is thrown when a value does not convert: always both types, and the value where it helps.</summary>
internal static class ConversionErrors
{
    public static Exception WrongType(BorrowedReference value, Type target, string? hint = null) =>
        new PythonTypeErrorException(
            $"A Python '{PyText.TypeName(CPython.Py_TYPE(value))}' cannot be converted to {Name(target)}.{(hint is null ? "" : " " + hint)}");

    public static Exception OutOfRange(BorrowedReference value, Type target, string range) =>
        new PythonOverflowException(
            $"The Python '{PyText.TypeName(CPython.Py_TYPE(value))}' {Shorten(PyText.Describe(value))} is out of the range of {Name(target)} ({range}).");

    /// <summary>A C# author's name for a type: <c>System.Int32</c>, <c>System.Collections.Generic.List&lt;System.String&gt;</c>.</summary>
    public static string Name(Type type)
    {
        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (!type.IsGenericType)
        {
            return type.FullName ?? type.Name;
        }

        string open = type.GetGenericTypeDefinition().FullName!;
        return $"{open[..open.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}
