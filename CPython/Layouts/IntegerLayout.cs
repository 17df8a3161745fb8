namespace PyAsync.Layouts;

/// <summary>The layouts of integers of one digit in CPython.</summary>
internal enum IntegerLayout
{
    /// <summary>None of those below.</summary>
    Unknown,

    /// <summary>The number of digits, negative for a negative number, and the digits: 3.11.</summary>
    Size,

    /// <summary>The number of digits in the upper bits, 1 minus the sign in the lowest two, and the digits: from 3.12 on.</summary>
    Tag,
}
