namespace PyAsync.Buffers;

/// <summary>The format of a buffer's items, as the <c>struct</c> module and PEP 3118 write it.</summary>
/// <param name="Text">The text, such as <c>d</c>, <c>&lt;i</c> or <c>T{f:x:f:y:}</c>.</param>
/// <param name="Kind">The kind of the items.</param>
/// <param name="IsForeignOrder">True if the bytes of an item are in the order that this machine does not use.</param>
internal readonly record struct ItemFormat(string Text, ItemKind Kind, bool IsForeignOrder)
{
    private const string Orders = "@=<>!^";

    /// <summary>Reads a format.</summary>
    /// <param name="text">The text.</param>
    /// <param name="size">The size of an item in bytes.</param>
    public static ItemFormat Parse(string text, nint size)
    {
        ReadOnlySpan<char> code = text.AsSpan().TrimStart(Orders);
        ItemKind kind = code switch
        {
            "?" => ItemKind.Boolean,
            "B" when size > 1 => ItemKind.Structure, // A packed structure, or a union, of ctypes.
            "b" or "h" or "i" or "l" or "q" or "n" => ItemKind.Signed,
            "B" or "H" or "I" or "L" or "Q" or "N" or "P" => ItemKind.Unsigned,
            "e" or "f" or "d" => ItemKind.Float,
            "Zf" or "Zd" or "F" or "D" => ItemKind.Complex, // The latter two are those of ctypes and struct from 3.14 on.
            "c" => ItemKind.Byte,
            "u" or "w" => ItemKind.Character,
            ['T', '{', ..] => ItemKind.Structure,
            _ when code.TrimStart("0123456789") is "x" => ItemKind.Structure,
            _ => ItemKind.Other,
        };
        return new ItemFormat(text, kind, HasForeignOrder(text));
    }

    /// <summary>Describes items for a message: <c>'d' (a float of 8 bytes)</c>.</summary>
    public string Describe(nint size)
    {
        string order = !IsForeignOrder ? "" : BitConverter.IsLittleEndian ? "big-endian " : "little-endian ";
        string kind = Kind switch
        {
            ItemKind.Boolean => "bool",
            ItemKind.Signed => "signed integer",
            ItemKind.Unsigned => "unsigned integer",
            ItemKind.Float => "float",
            ItemKind.Complex => "complex number",
            ItemKind.Byte or ItemKind.Character => "character",
            ItemKind.Structure => "structure",
            _ when Text.EndsWith('O') => "Python object",
            _ => "item",
        };
        string article = order.Length == 0 && kind[0] is 'i' or 'u' ? "an" : "a";
        return $"'{Text}' ({article} {order}{kind} of {size} {(size == 1 ? "byte" : "bytes")})";
    }

    /// <summary>Gets the .NET type of such items; null if there is none.</summary>
    public Type? TypeOf(nint size) => (Kind, size) switch
    {
        (ItemKind.Boolean, sizeof(bool)) => typeof(bool),
        (ItemKind.Signed, 1) => typeof(sbyte),
        (ItemKind.Signed, 2) => typeof(short),
        (ItemKind.Signed, 4) => typeof(int),
        (ItemKind.Signed, 8) => typeof(long),
        (ItemKind.Unsigned or ItemKind.Byte, 1) => typeof(byte),
        (ItemKind.Unsigned, 2) => typeof(ushort),
        (ItemKind.Unsigned, 4) => typeof(uint),
        (ItemKind.Unsigned, 8) => typeof(ulong),
        (ItemKind.Float, 2) => typeof(Half),
        (ItemKind.Float, 4) => typeof(float),
        (ItemKind.Float, 8) => typeof(double),
        (ItemKind.Complex, 16) => typeof(System.Numerics.Complex),
        (ItemKind.Character, 2) => typeof(char),
        _ => null,
    };

    /// <summary>True if the format, or a field of a structure, names the other order of bytes. A field's name is between colons.</summary>
    private static bool HasForeignOrder(string text)
    {
        bool isInName = false;
        foreach (char c in text)
        {
            isInName ^= c == ':';
            if (!isInName && c is '<' or '>' or '!' && (c == '<') != BitConverter.IsLittleEndian)
            {
                return true;
            }
        }

        return false;
    }
}
