using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// Integers of one digit, below 2^30, read where CPython keeps them: a call into C costs more than all the rest of a conversion. What 3.12
/// offers as <c>PyUnstable_Long_CompactValue</c>, an inline function of its headers.
/// </summary>
/// <remarks>Tried out on real integers first: a Python that keeps something else there is asked the ordinary way.</remarks>
internal static unsafe class CompactInteger
{
    // Tried out by who uses it first, with the GIL, which nothing in it gives up: nobody waits for it.
    private static readonly Layout s_layout = Learn();

    private enum Layout
    {
        /// <summary>None of those below.</summary>
        Unknown,

        /// <summary>The number of digits, negative for a negative number, and the digits: 3.10 and 3.11.</summary>
        Size,

        /// <summary>The number of digits in the upper bits, 1 minus the sign in the lowest two, and the digits: from 3.12 on.</summary>
        Tag,
    }

    /// <summary>The value of an <c>int</c>, or of a class derived from it; false if it may have more than one digit. Needs the GIL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(BorrowedReference integer, out long value) => TryRead(s_layout, integer, out value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRead(Layout layout, BorrowedReference integer, out long value)
    {
        // SAFETY: an int is a head, a word, and the digits, of which only zero may have none; the caller holds the GIL and a reference.
        nint* word = (nint*)((CPython.PyObjectHead*)integer.Pointer + 1);
        uint* digit = (uint*)(word + 1);
        switch (layout)
        {
            case Layout.Size when *word is 0:
            case Layout.Tag when *word >> 3 == 0:
                value = 0;
                return true;
            case Layout.Size when *word is 1 or -1:
                value = *word * *digit;
                return true;
            case Layout.Tag when *word >> 3 == 1:
                value = (1 - (*word & 3)) * *digit;
                return true;
            default:
                value = 0;
                return false;
        }
    }

    private static Layout Learn()
    {
        foreach (Layout layout in (ReadOnlySpan<Layout>)[Layout.Size, Layout.Tag])
        {
            if (Reads(layout, [0, 1, -1, 7, -7, 255, -256, 40_000, -40_000, (1 << 30) - 1, 1 - (1 << 30)], isCompact: true)
                && Reads(layout, [1L << 30, -(1L << 30), (1L << 30) + 1, long.MaxValue, long.MinValue], isCompact: false))
            {
                return layout;
            }
        }

        return Layout.Unknown;
    }

    private static bool Reads(Layout layout, ReadOnlySpan<long> numbers, bool isCompact)
    {
        foreach (long number in numbers)
        {
            using NewReference integer = CPython.PyLong_FromLongLong(number).OrThrow();
            if (TryRead(layout, integer.Borrow(), out long value) != isCompact || (isCompact && value != number))
            {
                return false;
            }
        }

        return true;
    }
}
