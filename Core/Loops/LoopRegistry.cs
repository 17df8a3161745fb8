using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>Maps each Python loop that this library has met to its .NET side. The GIL guards it.</summary>
internal sealed class LoopRegistry
{
    private readonly Dictionary<nint, PythonEventLoop> _loops = [];
    private readonly RunningLoop _running = new();

    private static LoopRegistry? s_current;

    [ThreadStatic]
    private static PythonEventLoop? t_last;

    /// <summary>Gets the interpreter's registry. It is cached here, because every call from Python uses it and a process has one interpreter.</summary>
    public static LoopRegistry Current => s_current ?? Make();

    public void Add(PythonEventLoop loop) => _loops[loop.Reference.Pointer] = loop;

    public void Remove(PythonEventLoop loop) => _loops.Remove(loop.Reference.Pointer);

    /// <summary>Gets the loop that runs on this thread; null if none runs.</summary>
    /// <param name="settings">The settings for a loop that is not registered yet; null if such a loop must not be registered.</param>
    public PythonEventLoop? Running(LoopSettings? settings) => Running(RunningThread.Current, settings);

    /// <inheritdoc cref="Running(LoopSettings?)"/>
    public PythonEventLoop? Running(RunningThread thread, LoopSettings? settings)
    {
        BorrowedReference running = _running.Find(thread);
        if (running.IsNull)
        {
            return null;
        }

        // The address of a freed loop may be reused by another one, but not while its entry is still open.
        return t_last is { IsClosed: false } last && last.Reference == running ? last : Find(running, settings);
    }

    private static LoopRegistry Make() => s_current = InterpreterState.Current.Attachment<LoopRegistry>();

    private PythonEventLoop? Find(BorrowedReference loop, LoopSettings? settings)
    {
        if (!_loops.TryGetValue(loop.Pointer, out PythonEventLoop? found))
        {
            if (settings is null)
            {
                return null;
            }

            found = PythonEventLoop.Bind(loop, settings);
        }

        // The loop runs on this thread, so C# code that Python calls here from now on belongs to it.
        EntryFromPython.LoopContext = found.SynchronizationContext;
        t_last = found;
        return found;
    }
}
