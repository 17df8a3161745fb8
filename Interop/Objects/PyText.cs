using System.Text;

namespace PyAsync.Objects;

/// <summary>Converts strings. Lone surrogates, which .NET strings may contain and UTF-8 may not, survive in both directions.</summary>
internal static unsafe class PyText
{
    private const int StackLimit = 256;
    private const string Builtins = "builtins.";

    /// <summary>The maximum length of a .NET string.</summary>
    private const int MaxLength = 0x3FFF_FFDF;

    public static NewReference FromString(string text)
    {
        // ASCII, and all well-formed text that is short: encoded on the stack, with one copy.
        int bound = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (bound <= StackLimit)
        {
            byte* buffer = stackalloc byte[StackLimit];
            if (TryEncode(text, new Span<byte>(buffer, StackLimit), out int written))
            {
                return CPython.PyUnicode_FromStringAndSize(buffer, written).OrThrow();
            }
        }

        // SAFETY: the text is pinned for the call; -1 means little-endian, as every supported platform is.
        fixed (char* characters = text)
        fixed (byte* errors = "surrogatepass"u8)
        {
            int byteOrder = -1;
            return CPython.PyUnicode_DecodeUTF16((byte*)characters, text.Length * (nint)sizeof(char), errors, &byteOrder).OrThrow();
        }
    }

    /// <summary>Creates a <c>str</c> of valid UTF-8.</summary>
    public static NewReference FromUtf8(scoped ReadOnlySpan<byte> utf8)
    {
        // SAFETY: pinned for the call, which copies.
        fixed (byte* start = utf8)
        {
            return CPython.PyUnicode_FromStringAndSize(start, utf8.Length).OrThrow();
        }
    }

    /// <summary>Gets the text of a Python <c>str</c>; the caller has checked that it is one.</summary>
    public static string ToString(BorrowedReference text)
    {
        nint size;
        byte* utf8 = CPython.PyUnicode_AsUTF8AndSize(text, &size);
        if (utf8 != null && size <= MaxLength)
        {
            return Encoding.UTF8.GetString(utf8, (int)size);
        }

        PythonErrors.Forget();
        ThrowIfTooLong(text, CPython.PyUnicode_GetLength(text));
        fixed (byte* encoding = "utf-16-le"u8)
        fixed (byte* errors = "surrogatepass"u8)
        {
            using NewReference encoded = CPython.PyUnicode_AsEncodedString(text, encoding, errors).OrThrow();
            byte* bytes;
            _ = CPython.PyBytes_AsStringAndSize(encoded.Borrow(), &bytes, &size);
            ThrowIfTooLong(text, size / sizeof(char));
            return new string((char*)bytes, 0, (int)(size / sizeof(char)));
        }
    }

    /// <summary>Gets the UTF-8 form of a <c>str</c>, without a copy if the text is ASCII. Empty if it has lone surrogates. Valid as long as the object.</summary>
    public static ReadOnlySpan<byte> Utf8(BorrowedReference text)
    {
        nint size;
        byte* utf8 = CPython.PyUnicode_AsUTF8AndSize(text, &size);
        if (utf8 == null)
        {
            PythonErrors.Forget();
            return default;
        }

        // SAFETY: the object owns the encoded text, and keeps it.
        return new ReadOnlySpan<byte>(utf8, checked((int)size));
    }

    /// <summary>Gets <c>str(o)</c>, or a fallback if that fails: for messages, which must not fail.</summary>
    public static string Describe(BorrowedReference o)
    {
        using NewReference text = CPython.PyObject_Str(o);
        if (text.IsNull)
        {
            PythonErrors.Forget();
            return $"<{TypeName(CPython.Py_TYPE(o))} whose str() failed>";
        }

        return ToString(text.Borrow());
    }

    /// <summary>Gets a type's name as <c>repr</c> shows it: with its module, except for builtins.</summary>
    public static string TypeName(BorrowedReference type) => WithoutBuiltins(QualifiedTypeName(type));

    /// <summary>Gets a qualified name as Python prints it: names of builtins have no module.</summary>
    public static string WithoutBuiltins(string qualifiedName) =>
        qualifiedName.StartsWith(Builtins, StringComparison.Ordinal) ? qualifiedName[Builtins.Length..] : qualifiedName;

    /// <summary>Gets a type's name from C's structure, without running any Python code: the name of a class has no module there.</summary>
    public static string BareTypeName(BorrowedReference type)
    {
        using NewReference name = CPython.PyType_GetName(type);
        nint size = 0;
        byte* utf8 = name.IsNull ? null : CPython.PyUnicode_AsUTF8AndSize(name.Borrow(), &size);
        if (utf8 == null)
        {
            CPython.PyErr_Clear();
            return "?";
        }

        string text = Encoding.UTF8.GetString(utf8, (int)size);
        return CPython.PyType_HasFeature(type, CPython.Py_TPFLAGS_HEAPTYPE) ? text : Builtins + text;
    }

    /// <summary>Gets a type's module and qualified name, such as <c>builtins.ValueError</c>.</summary>
    public static string QualifiedTypeName(BorrowedReference type)
    {
        WellKnownNames names = WellKnownNames.Current;
        using NewReference module = type.GetAttr(names.Module);
        if (module.IsNull)
        {
            PythonErrors.Forget();
        }

        using NewReference name = type.GetAttr(names.QualName);
        if (name.IsNull)
        {
            PythonErrors.Forget();
        }

        string moduleText = IsString(module.Borrow()) ? ToString(module.Borrow()) + "." : "";
        return moduleText + (IsString(name.Borrow()) ? ToString(name.Borrow()) : "?");
    }

    public static bool IsString(BorrowedReference o) =>
        !o.IsNull && o.HasFeature(CPython.Py_TPFLAGS_UNICODE_SUBCLASS);

    /// <summary>True if a <c>str</c> may have more characters than a .NET string can hold.</summary>
    public static bool IsTooLong(BorrowedReference text) => CPython.PyUnicode_GetLength(text) > MaxLength / 2;

    private static void ThrowIfTooLong(BorrowedReference text, nint size)
    {
        if (size > MaxLength)
        {
            throw ErrorTranslator.Current.TooLarge(text, "System.String", $"{size} characters", $"{MaxLength} units of UTF-16");
        }
    }

    private static bool TryEncode(string text, Span<byte> buffer, out int written) =>
        System.Text.Unicode.Utf8.FromUtf16(text, buffer, out _, out written, replaceInvalidSequences: false)
            == System.Buffers.OperationStatus.Done;
}
