namespace PyAsync.Layouts;

/// <summary>The state of the calling thread, which holds the GIL. Valid for the length of a call.</summary>
internal readonly unsafe ref struct RunningThread
{
    private readonly ThreadStateLayout _layout;
    private readonly nint* _state;

    internal RunningThread(ThreadStateLayout layout)
    {
        _layout = layout;
        _state = (nint*)CPython.PyThreadState_GetUnchecked();
    }

    public static RunningThread Current => new(CPythonLayouts.ThreadState);

    /// <summary>Gets the current context; NULL if the thread has none yet, or if the layout is not in use: then the caller needs a copy of the context.</summary>
    public BorrowedReference Context => Word(_layout.Context);

    /// <summary>Gets the thread's dictionary; NULL if there is no memory for one.</summary>
    public BorrowedReference Dictionary
    {
        get
        {
            BorrowedReference found = Word(_layout.Dictionary);
            return found.IsNull ? CPython.PyThreadState_GetDict() : found;
        }
    }

    // SAFETY: a probed position, in the state of the running thread.
    private BorrowedReference Word(int index) => index == ThreadStateLayout.NotFound ? default : new BorrowedReference(_state[index]);
}
