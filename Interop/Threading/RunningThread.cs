namespace PyAsync.Interop;

/// <summary>The state of the thread that runs Python now, which is the caller's: it holds the GIL. Good for the length of a call.</summary>
internal readonly unsafe ref struct RunningThread
{
    private readonly ThreadStateLayout _layout;
    private readonly nint* _state;

    internal RunningThread(ThreadStateLayout layout)
    {
        _layout = layout;
        _state = (nint*)CPython.PyThreadState_GetUnchecked();
    }

    public static RunningThread Current => new(PythonInterpreter.Current.ThreadState);

    /// <summary>The context that it runs in; NULL if it has none yet, or that cannot be told without a copy of it.</summary>
    public BorrowedReference Context => Word(_layout.Context);

    /// <summary>Its dictionary; NULL if there is no memory for one.</summary>
    public BorrowedReference Dictionary
    {
        get
        {
            BorrowedReference found = Word(_layout.Dictionary);
            return found.IsNull ? CPython.PyThreadState_GetDict() : found;
        }
    }

    // SAFETY: a place that was tried out, in the state of a thread that runs.
    private BorrowedReference Word(int index) => index == ThreadStateLayout.NotFound ? default : new BorrowedReference(_state[index]);
}
