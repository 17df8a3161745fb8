using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PyAsync.Conversion;

/// <summary>Converts JSON to plain Python values, as <c>json.loads</c> does: a number without a point or an exponent is an <c>int</c>.</summary>
internal static class JsonToPython
{
    public static NewReference Convert(JsonElement element) => Convert(element, depth: 0);

    public static NewReference Convert(JsonNode? node) => Convert(node, depth: 0);

    private static NewReference Convert(JsonElement element, int depth)
    {
        ThrowIfTooDeep(depth, typeof(JsonElement));
        return element.ValueKind switch
        {
            JsonValueKind.Null => NewReference.From(InterpreterState.Current.None),
            JsonValueKind.True => NewReference.From(InterpreterState.Current.True),
            JsonValueKind.False => NewReference.From(InterpreterState.Current.False),
            JsonValueKind.String => PyText.FromString(element.GetString()!),
            JsonValueKind.Number => Number(element),
            JsonValueKind.Array => Array(element, depth),
            JsonValueKind.Object => Object(element, depth),
            _ => throw new ArgumentException("A JsonElement without a value (default, or of a disposed JsonDocument) cannot be converted to Python."),
        };
    }

    private static NewReference Convert(JsonNode? node, int depth)
    {
        ThrowIfTooDeep(depth, typeof(JsonNode));
        switch (node)
        {
            case null:
                return NewReference.From(InterpreterState.Current.None);
            case JsonArray array:
                using (NewReference list = CPython.PyList_New(0).OrThrow())
                {
                    int index = 0;
                    foreach (JsonNode? item in array)
                    {
                        Add(list.Borrow(), index++, item, depth);
                    }

                    return NewReference.From(list.Borrow());
                }

            case JsonObject entries:
                using (NewReference dict = CPython.PyDict_New().OrThrow())
                {
                    foreach ((string key, JsonNode? value) in entries)
                    {
                        Add(dict.Borrow(), key, value, depth);
                    }

                    return NewReference.From(dict.Borrow());
                }

            default:
                return Value((JsonValue)node, depth);
        }
    }

    private static NewReference Value(JsonValue value, int depth)
    {
        if (value.TryGetValue(out JsonElement element))
        {
            return Convert(element, depth);
        }

        if (value.TryGetValue(out string? text))
        {
            return PyText.FromString(text);
        }

        // Of any .NET type: its form in JSON decides.
        using JsonDocument document = JsonDocument.Parse(value.ToJsonString());
        return Convert(document.RootElement, depth);
    }

    private static NewReference Array(JsonElement array, int depth)
    {
        using NewReference list = CPython.PyList_New(0).OrThrow();
        foreach (JsonElement item in array.EnumerateArray())
        {
            using NewReference converted = Convert(item, depth + 1);
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list.Borrow(), converted.Borrow()));
        }

        return NewReference.From(list.Borrow());
    }

    private static NewReference Object(JsonElement entries, int depth)
    {
        using NewReference dict = CPython.PyDict_New().OrThrow();
        foreach (JsonProperty entry in entries.EnumerateObject())
        {
            using NewReference key = PyText.FromString(entry.Name);
            using NewReference value = Convert(entry.Value, depth + 1);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dict.Borrow(), key.Borrow(), value.Borrow()));
        }

        return NewReference.From(dict.Borrow());
    }

    private static void Add(BorrowedReference list, int index, JsonNode? item, int depth)
    {
        try
        {
            using NewReference converted = Convert(item, depth + 1);
            PythonErrors.ThrowIfNegative(CPython.PyList_Append(list, converted.Borrow()));
        }
        catch (Exception e) when (ConversionErrors.At(e, $"item {index}"))
        {
            throw;
        }
    }

    private static void Add(BorrowedReference dict, string key, JsonNode? value, int depth)
    {
        try
        {
            using NewReference convertedKey = PyText.FromString(key);
            using NewReference convertedValue = Convert(value, depth + 1);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(dict, convertedKey.Borrow(), convertedValue.Borrow()));
        }
        catch (Exception e) when (ConversionErrors.At(e, $"key {ConversionErrors.Key(key)}"))
        {
            throw;
        }
    }

    private static NewReference Number(JsonElement number)
    {
        if (number.TryGetInt64(out long small))
        {
            // 1.0 and 1e3 have a value of 64 bits too, and are a float in Python.
            return IsInteger(number) ? PyConvert.Int64.ToReference(small) : PyConvert.Double.ToReference(small);
        }

        return IsInteger(number)
            ? PyConvert.BigInteger.ToReference(BigInteger.Parse(number.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : PyConvert.Double.ToReference(number.GetDouble());
    }

    private static bool IsInteger(JsonElement number) => !number.GetRawText().AsSpan().ContainsAny('.', 'e', 'E');

    private static void ThrowIfTooDeep(int depth, Type type)
    {
        if (depth > Nesting.MaxDepth || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new PythonRecursionException($"A {ConversionErrors.Name(type)} cannot be converted to Python: it {Nesting.TooDeep}.");
        }
    }
}
