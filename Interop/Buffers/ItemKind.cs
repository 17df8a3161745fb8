namespace PyAsync.Buffers;

/// <summary>The kinds of items that a buffer may have. With its size a kind determines the .NET type.</summary>
internal enum ItemKind
{
    /// <summary>None of the following: Python objects, pointers, arrays of items, types that .NET does not have.</summary>
    Other,
    Boolean,
    Signed,
    Unsigned,
    Float,
    Complex,

    /// <summary>A byte that Python reads as <c>bytes</c> of length 1.</summary>
    Byte,

    /// <summary>A character of fixed size.</summary>
    Character,

    /// <summary>Several fields, or bytes without a meaning.</summary>
    Structure,
}
