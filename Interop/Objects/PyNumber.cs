namespace PyAsync.Objects;

/// <summary>Reads numbers for C# code itself: a size, an exit code.</summary>
internal static unsafe class PyNumber
{
    /// <summary>Gets the value of an <c>int</c>, or of an object with <c>__index__</c>; -1 if it has more than 64 bits.</summary>
    /// <exception cref="Exception">The object has no <c>__index__</c>, or the call of it failed.</exception>
    public static long Truncated(BorrowedReference value)
    {
        int overflow;
        if (value.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            return CPython.PyLong_AsLongLongAndOverflow(value, &overflow);
        }

        using NewReference index = CPython.PyNumber_Index(value).OrThrow();
        return CPython.PyLong_AsLongLongAndOverflow(index.Borrow(), &overflow);
    }
}
