using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PyAsync.Conversion;

/// <summary>
/// Writes plain Python values as JSON: None, bool, int, float, str, Decimal, list, tuple and dict with str keys, and instances of derived classes. Any
/// other value has no form in JSON, and is refused.
/// </summary>
internal static unsafe class JsonFromPython
{
    private const int MaxDepth = Nesting.MaxDepth + 1;

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth, SkipValidation = true };

    /// <summary>Gets the options to parse the text with.</summary>
    public static JsonDocumentOptions Parsing { get; } = new() { MaxDepth = MaxDepth };

    /// <param name="value">The value.</param>
    /// <param name="target">The requested .NET type, for messages.</param>
    /// <returns>The text, in UTF-8.</returns>
    public static ReadOnlyMemory<byte> Write(BorrowedReference value, Type target)
    {
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text, s_writing);
        Nesting<nint> nesting = default;
        Write(writer, value, target, ref nesting);
        if (nesting.Failure is { } failure)
        {
            throw new PythonRecursionException($"A Python '{PyText.TypeName(CPython.Py_TYPE(value))}' cannot be converted to {ConversionErrors.Name(target)}: it {failure}.");
        }

        writer.Flush();
        return text.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, BorrowedReference value, Type target, scoped ref Nesting<nint> nesting)
    {
        if (nesting.HasFailed)
        {
            return;
        }

        InterpreterState state = InterpreterState.Current;
        if (value.IsNone)
        {
            writer.WriteNullValue();
        }
        else if (value == state.True || value == state.False)
        {
            writer.WriteBooleanValue(value == state.True);
        }
        else if (PyText.IsString(value))
        {
            writer.WriteStringValue(Utf8(value, value, target));
        }
        else if (value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            WriteInteger(writer, value);
        }
        else if (value.HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS | CPython.Py_TPFLAGS_TUPLE_SUBCLASS | CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            WriteCollection(writer, value, target, ref nesting);
        }
        else
        {
            WriteNumber(writer, value, target);
        }
    }

    private static void WriteInteger(Utf8JsonWriter writer, BorrowedReference value)
    {
        if (CompactInteger.TryRead(value, out long small))
        {
            writer.WriteNumberValue(small);
        }
        else
        {
            writer.WriteRawValue(PyConvert.BigInteger.FromReference(value).ToString(CultureInfo.InvariantCulture), skipInputValidation: true);
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, BorrowedReference value, Type target)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        BorrowedReference type = CPython.Py_TYPE(value), decimalType = objects.FindImported("decimal", "Decimal");
        string number = CPython.PyType_IsSubtype(type, objects.FloatType) != 0 ? Text(CPython.PyFloat_AsDouble(value))
            : !decimalType.IsNull && CPython.PyType_IsSubtype(type, decimalType) != 0 ? PyText.Describe(value)
            : throw ConversionErrors.WrongType(value, target, "has no form in JSON");
        if (char.IsAsciiLetter(number[^1]) || number.Contains("NaN", StringComparison.Ordinal)) // A Decimal may be NaN with digits: NaN123.
        {
            throw ConversionErrors.WrongType(value, target, $"is {number}, which JSON does not have");
        }

        writer.WriteRawValue(number);
    }

    private static string Text(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return !double.IsFinite(number) || text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0"; // Stays a float.
    }

    private static void WriteCollection(Utf8JsonWriter writer, BorrowedReference value, Type target, scoped ref Nesting<nint> nesting)
    {
        if (!nesting.TryEnter(value.Pointer))
        {
            return;
        }

        if (value.HasFeature(CPython.Py_TPFLAGS_DICT_SUBCLASS))
        {
            WriteObject(writer, value, target, ref nesting);
        }
        else
        {
            WriteArray(writer, value, target, ref nesting);
        }

        nesting.Leave();
    }

    private static void WriteArray(Utf8JsonWriter writer, BorrowedReference sequence, Type target, scoped ref Nesting<nint> nesting)
    {
        writer.WriteStartArray();
        using NewReference iterator = CPython.PyObject_GetIter(sequence).OrThrow();
        for (int index = 0; !nesting.HasFailed; index++)
        {
            using NewReference item = CPython.PyIter_Next(iterator.Borrow());
            if (item.IsNull)
            {
                PythonErrors.ThrowIfSet();
                break;
            }

            try
            {
                Write(writer, item.Borrow(), target, ref nesting);
            }
            catch (Exception e) when (ConversionErrors.At(e, $"item {index}"))
            {
                throw;
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter writer, BorrowedReference dict, Type target, scoped ref Nesting<nint> nesting)
    {
        writer.WriteStartObject();
        using NewReference entries = CPython.PyMapping_Items(dict).OrThrow();
        nint count = CPython.PyList_Size(entries.Borrow());
        for (nint i = 0; i < count && !nesting.HasFailed; i++)
        {
            BorrowedReference entry = CPython.PyList_GetItem(entries.Borrow(), i);
            PyTuple.ThrowIfNotOf(2, entry, target); // items() of a derived class may return any objects.
            BorrowedReference key = CPython.PyTuple_GetItem(entry, 0);
            if (!PyText.IsString(key))
            {
                throw ConversionErrors.WrongType(dict, target, $"has the key {ConversionErrors.Key(key)}, and the keys of JSON are texts");
            }

            writer.WritePropertyName(Utf8(key, dict, target));
            try
            {
                Write(writer, CPython.PyTuple_GetItem(entry, 1), target, ref nesting);
            }
            catch (Exception e) when (ConversionErrors.At(e, $"key {ConversionErrors.Key(key)}"))
            {
                throw;
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>Gets the text of a <c>str</c> in UTF-8, which lives as long as the <c>str</c>.</summary>
    private static ReadOnlySpan<byte> Utf8(BorrowedReference text, BorrowedReference value, Type target)
    {
        nint size;

        // SAFETY: the bytes are kept by the str, which the caller keeps alive until they have been written.
        byte* utf8 = CPython.PyUnicode_AsUTF8AndSize(text, &size);
        if (utf8 == null)
        {
            throw PythonErrors.TryClear("UnicodeEncodeError")
                ? ConversionErrors.WrongType(value, target, "has half of a surrogate pair, which JSON does not have")
                : PythonErrors.Take();
        }

        return new ReadOnlySpan<byte>(utf8, checked((int)size));
    }
}
