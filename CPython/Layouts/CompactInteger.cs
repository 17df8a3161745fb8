using System.Runtime.CompilerServices;

namespace PyAsync.Layouts;

/// <summary>
/// Reads integers of one digit, below 2^30, in place: a call of C costs more than the rest of a conversion. The headers of Python 3.12 and newer offer
/// the same as <c>PyUnstable_Long_CompactValue</c>, an inline function.
/// </summary>
internal static unsafe class CompactInteger
{
    // A copy that the JIT compiler treats as a constant. No integer is converted before the layouts are probed.
    private static readonly IntegerLayout s_layout = CPythonLayouts.Integers;

    /// <summary>Reads the value of an <c>int</c>, or of a class derived from it. Needs the GIL.</summary>
    /// <returns>False if the integer may have more than one digit, or the layout is not in use.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(BorrowedReference integer, out long value) => TryRead(s_layout, integer, out value);

    /// <summary>Finds the layout of real integers. Needs the GIL.</summary>
    public static IntegerLayout Probe()
    {
        foreach (IntegerLayout layout in (ReadOnlySpan<IntegerLayout>)[IntegerLayout.Size, IntegerLayout.Tag])
        {
            if (Reads(layout, [0, 1, -1, 7, -7, 255, -256, 40_000, -40_000, (1 << 30) - 1, 1 - (1 << 30)], isCompact: true)
                && Reads(layout, [1L << 30, -(1L << 30), (1L << 30) + 1, long.MaxValue, long.MinValue], isCompact: false))
            {
                return layout;
            }
        }

        return IntegerLayout.Unknown;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryRead(IntegerLayout layout, BorrowedReference integer, out long value)
    {
        // SAFETY: an int is a head, a word, and the digits, of which only zero may have none; the caller holds the GIL and a reference.
        nint* word = (nint*)((CPython.PyObjectHead*)integer.Pointer + 1);
        uint* digit = (uint*)(word + 1);
        switch (layout)
        {
            case IntegerLayout.Size when *word is 0:
            case IntegerLayout.Tag when *word >> 3 == 0:
                value = 0;
                return true;
            case IntegerLayout.Size when *word is 1 or -1:
                value = *word * *digit;
                return true;
            case IntegerLayout.Tag when *word >> 3 == 1:
                value = (1 - (*word & 3)) * *digit;
                return true;
            default:
                value = 0;
                return false;
        }
    }

    private static bool Reads(IntegerLayout layout, ReadOnlySpan<long> numbers, bool isCompact)
    {
        foreach (long number in numbers)
        {
            using NewReference integer = CPython.PyLong_FromLongLong(number);
            if (integer.IsNull)
            {
                CPython.PyErr_Clear();
                return false;
            }

            if (TryRead(layout, integer.Borrow(), out long value) != isCompact || (isCompact && value != number))
            {
                return false;
            }
        }

        return true;
    }
}
