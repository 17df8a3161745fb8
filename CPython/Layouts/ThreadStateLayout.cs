namespace PyAsync.Layouts;

/// <summary>
/// The words of a thread's state that hold its current context, of which CPython's own function returns a copy, and its dictionary. Each call from Python
/// reads both.
/// </summary>
/// <param name="Context">The number of the word that holds the current context.</param>
/// <param name="Dictionary">The number of the word that holds the dictionary.</param>
internal readonly unsafe record struct ThreadStateLayout(int Context, int Dictionary)
{
    /// <summary>Stands for no word: the first one links thread states.</summary>
    public const int NotFound = 0;

    // A thread's state has at least 36 words in every version since 3.11. Both fields are among its first 32 words up to 3.13.
    private const int MaxWords = 34;

    /// <summary>Probes both fields. Needs the GIL.</summary>
    public static ThreadStateLayout Probe() => new(FindContext(), Find(CPython.PyThreadState_GetDict()));

    /// <summary>Finds the word that holds the entered context, for several contexts. Nothing is found if a context cannot be entered.</summary>
    private static int FindContext()
    {
        using NewReference outer = CPython.PyContext_CopyCurrent();
        using NewReference inner = outer.IsNull ? default : CPython.PyContext_Copy(outer.Borrow());
        if (inner.IsNull || !Succeeded(CPython.PyContext_Enter(outer.Borrow())))
        {
            CPython.PyErr_Clear();
            return NotFound;
        }

        int found = Find(outer.Borrow());
        bool follows = found != NotFound && Succeeded(CPython.PyContext_Enter(inner.Borrow()));
        if (follows)
        {
            follows = Word(found) == inner.Pointer;
            follows &= Succeeded(CPython.PyContext_Exit(inner.Borrow())) && Word(found) == outer.Pointer;
        }

        follows &= Succeeded(CPython.PyContext_Exit(outer.Borrow()));
        return follows && Word(found) != outer.Pointer ? found : NotFound;
    }

    /// <summary>Clears the error of a call that failed. An error that was set before stays.</summary>
    private static bool Succeeded(int result)
    {
        if (result < 0)
        {
            CPython.PyErr_Clear();
        }

        return result >= 0;
    }

    private static int Find(BorrowedReference held)
    {
        for (int i = NotFound + 1; i < MaxWords && !held.IsNull; i++)
        {
            if (Word(i) == held.Pointer)
            {
                return i;
            }
        }

        return NotFound;
    }

    // SAFETY: the state of the running thread, within its memory: see MaxWords. The value is only compared.
    private static nint Word(int index) => ((nint*)CPython.PyThreadState_GetUnchecked())[index];
}
