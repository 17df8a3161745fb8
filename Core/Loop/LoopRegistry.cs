using PyAsync.Interop;

namespace PyAsync;

/// <summary>The .NET side of each Python loop that has met this library, by the loop object. The GIL guards it.</summary>
internal sealed class LoopRegistry
{
    private readonly Dictionary<nint, PythonEventLoop> _loops = [];
    private readonly RunningLoop _running = new();

    private static LoopRegistry? s_current;

    [ThreadStatic]
    private static PythonEventLoop? t_last;

    /// <summary>The interpreter's; kept here too, since every call of Python's asks for it, and a process has one interpreter.</summary>
    public static LoopRegistry Current => s_current ?? Make();

    public int Count => _loops.Count;

    public void Add(PythonEventLoop loop) => _loops[loop.Reference.Pointer] = loop;

    public void Remove(PythonEventLoop loop) => _loops.Remove(loop.Reference.Pointer);

    /// <summary>The loop that runs on this thread; null if none does.</summary>
    /// <param name="settings">For a loop that is met for the first time; null to leave such a one alone.</param>
    public PythonEventLoop? Running(LoopSettings? settings) => Running(RunningThread.Current, settings);

    /// <inheritdoc cref="Running(LoopSettings?)"/>
    public PythonEventLoop? Running(RunningThread thread, LoopSettings? settings)
    {
        BorrowedReference running = _running.Find(thread);
        if (running.IsNull)
        {
            return null;
        }

        // The address of a loop that is gone may be given to another, but never while its entry is still open.
        return t_last is { IsClosed: false } last && last.Reference == running ? last : Find(running, settings);
    }

    private static LoopRegistry Make() => s_current = PythonInterpreter.Current.Attachment<LoopRegistry>();

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

        // It runs on this thread, so that C# code which Python calls here from now on is its.
        EntryFromPython.LoopContext = found.SynchronizationContext;
        t_last = found;
        return found;
    }
}
