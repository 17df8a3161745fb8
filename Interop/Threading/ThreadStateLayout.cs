namespace PyAsync.Interop;

/// <summary>
/// Where a thread's state holds what each call of Python's asks for: its current context, which CPython's own function gives a copy of, and its
/// dictionary. Looked for once and tried out; what is not found is asked for the ordinary way.
/// </summary>
internal sealed unsafe class ThreadStateLayout
{
    public const int NotFound = -1;

    // 3.10's is the smallest, of 35 words. Both are among the first 32 up to 3.13.
    private const int MaxWords = 34;

    private ThreadStateLayout(int context, int dictionary)
    {
        Context = context;
        Dictionary = dictionary;
    }

    /// <summary>That of a Python in which nothing is found.</summary>
    public static ThreadStateLayout Unknown { get; } = new(NotFound, NotFound);

    /// <summary>The number of the word that holds the current context.</summary>
    public int Context { get; }

    /// <summary>The number of the word that holds the dictionary.</summary>
    public int Dictionary { get; }

    /// <summary>Looks for both. Needs the GIL.</summary>
    public static ThreadStateLayout Learn() => new(FindContext(), Find(CPython.PyThreadState_GetDict()));

    /// <summary>The word that holds whichever context is entered, and no other.</summary>
    private static int FindContext()
    {
        using NewReference outer = CPython.PyContext_CopyCurrent().OrThrow();
        using NewReference inner = CPython.PyContext_Copy(outer.Borrow()).OrThrow();
        PythonErrors.ThrowIfNegative(CPython.PyContext_Enter(outer.Borrow()));
        int found = Find(outer.Borrow());
        bool follows = found != NotFound;
        if (follows)
        {
            PythonErrors.ThrowIfNegative(CPython.PyContext_Enter(inner.Borrow()));
            follows = Word(found) == inner.Pointer;
            PythonErrors.ThrowIfNegative(CPython.PyContext_Exit(inner.Borrow()));
            follows &= Word(found) == outer.Pointer;
        }

        PythonErrors.ThrowIfNegative(CPython.PyContext_Exit(outer.Borrow()));
        return follows && Word(found) != outer.Pointer ? found : NotFound;
    }

    private static int Find(BorrowedReference held)
    {
        for (int i = 0; i < MaxWords && !held.IsNull; i++)
        {
            if (Word(i) == held.Pointer)
            {
                return i;
            }
        }

        return NotFound;
    }

    // SAFETY: the state of the thread that runs, within its memory: see MaxWords. What is read is only compared.
    private static nint Word(int index) => ((nint*)CPython.PyThreadState_GetUnchecked())[index];
}
