using System.Numerics;

namespace PyAsync.Buffers;

/// <summary>The .NET type of a buffer's items, as it compares with the formats of Python's buffers.</summary>
/// <param name="Type">The type.</param>
/// <param name="Kind">The kind of its values; a structure for every type that is none of the others.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Format">The format in which Python sees memory of it; empty for a structure.</param>
internal sealed record ItemType(Type Type, ItemKind Kind, int Size, string Format)
{
    /// <summary>Gets the one of a type; enums are their numbers.</summary>
    public static unsafe ItemType Of<T>()
        where T : unmanaged => Cache<T>.Value;

    /// <summary>True if items of a format and size are values of this type.</summary>
    public bool Matches(ItemFormat format, nint size) =>
        size == Size && (!format.IsForeignOrder || size == 1) && (format.Kind == Kind
            || (format.Kind == ItemKind.Byte && Type == typeof(byte))
            || (format.Kind is ItemKind.Unsigned && Kind == ItemKind.Character));

    private static ItemType Create(Type type, int size)
    {
        (ItemKind kind, string format) = Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => (ItemKind.Boolean, "?"),
            TypeCode.SByte => (ItemKind.Signed, "b"),
            TypeCode.Int16 => (ItemKind.Signed, "h"),
            TypeCode.Int32 => (ItemKind.Signed, "i"),
            TypeCode.Int64 => (ItemKind.Signed, "q"),
            TypeCode.Byte => (ItemKind.Unsigned, "B"),
            TypeCode.UInt16 => (ItemKind.Unsigned, "H"),
            TypeCode.UInt32 => (ItemKind.Unsigned, "I"),
            TypeCode.UInt64 => (ItemKind.Unsigned, "Q"),
            TypeCode.Single => (ItemKind.Float, "f"),
            TypeCode.Double => (ItemKind.Float, "d"),
            TypeCode.Char => (ItemKind.Character, "H"), // Python's own formats for characters are read by neither memoryview nor numpy.
            _ when type == typeof(nint) => (ItemKind.Signed, size == sizeof(long) ? "q" : "i"), // Not n and N, which numpy does not read.
            _ when type == typeof(nuint) => (ItemKind.Unsigned, size == sizeof(ulong) ? "Q" : "I"),
            _ when type == typeof(Half) => (ItemKind.Float, "e"),
            _ when type == typeof(Complex) => (ItemKind.Complex, "Zd"),
            _ => (ItemKind.Structure, ""),
        };
        return new ItemType(type, kind, size, format);
    }

    private static class Cache<T>
        where T : unmanaged
    {
        public static readonly unsafe ItemType Value = Create(typeof(T), sizeof(T));
    }
}
