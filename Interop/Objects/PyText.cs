using System.Text;

namespace PyAsync.Interop;

/// <summary>Strings across the border. Lone surrogates, which .NET strings may hold and UTF-8 may not, survive both ways.</summary>
internal static unsafe class PyText
{
    private const int StackLimit = 256;

    /// <summary>Of well-formed UTF-8.</summary>
    public static NewReference FromUtf8(ReadOnlySpan<byte> text)
    {
        // SAFETY: the text is pinned for the call, which copies it.
        fixed (byte* bytes = text)
        {
            return CPython.PyUnicode_FromStringAndSize(bytes, text.Length).OrThrow();
        }
    }

    public static NewReference FromString(string text)
    {
        // ASCII, and all well-formed text that is short: encode on the stack, one copy.
        int bound = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (bound <= StackLimit)
        {
            byte* buffer = stackalloc byte[StackLimit];
            if (TryEncode(text, new Span<byte>(buffer, StackLimit), out int written))
            {
                return CPython.PyUnicode_FromStringAndSize(buffer, written).OrThrow();
            }
        }

        // SAFETY: the text is pinned for the call; -1 asks for little-endian, which every platform here is.
        fixed (char* characters = text)
        fixed (byte* errors = "surrogatepass"u8)
        {
            int byteOrder = -1;
            return CPython.PyUnicode_DecodeUTF16((byte*)characters, text.Length * (nint)sizeof(char), errors, &byteOrder).OrThrow();
        }
    }

    /// <summary>The text of a Python <c>str</c>; the caller has checked that it is one.</summary>
    public static string ToString(BorrowedReference text)
    {
        nint size;
        byte* utf8 = CPython.PyUnicode_AsUTF8AndSize(text, &size);
        if (utf8 != null)
        {
            return Encoding.UTF8.GetString(utf8, (int)size);
        }

        PythonErrors.Forget();
        fixed (byte* encoding = "utf-16-le"u8)
        fixed (byte* errors = "surrogatepass"u8)
        {
            using NewReference encoded = CPython.PyUnicode_AsEncodedString(text, encoding, errors).OrThrow();
            byte* bytes;
            _ = CPython.PyBytes_AsStringAndSize(encoded.Borrow(), &bytes, &size);
            return new string((char*)bytes, 0, (int)(size / sizeof(char)));
        }
    }

    /// <summary><c>str(o)</c>, or a stand-in when that itself fails: for messages, which must not fail.</summary>
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

    /// <summary>A type's name as <c>repr</c> shows it: with its module, except for builtins.</summary>
    public static string TypeName(BorrowedReference type)
    {
        string full = QualifiedTypeName(type);
        return full.StartsWith("builtins.", StringComparison.Ordinal) ? full["builtins.".Length..] : full;
    }

    /// <summary>A type's module and qualified name, such as <c>builtins.ValueError</c>.</summary>
    public static string QualifiedTypeName(BorrowedReference type)
    {
        WellKnownNames names = PythonInterpreter.Current.Names;
        using NewReference module = type.GetAttr(names.Module);
        using NewReference name = type.GetAttr(names.QualName);
        if (module.IsNull || name.IsNull)
        {
            PythonErrors.Forget();
        }

        string moduleText = IsString(module.Borrow()) ? ToString(module.Borrow()) + "." : "";
        return moduleText + (IsString(name.Borrow()) ? ToString(name.Borrow()) : "?");
    }

    public static bool IsString(BorrowedReference o) =>
        !o.IsNull && o.HasFeature(CPython.Py_TPFLAGS_UNICODE_SUBCLASS);

    private static bool TryEncode(string text, Span<byte> buffer, out int written) =>
        System.Text.Unicode.Utf8.FromUtf16(text, buffer, out _, out written, replaceInvalidSequences: false)
            == System.Buffers.OperationStatus.Done;
}
