using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Which loop runs on this thread. asyncio's own function asks the system for the process's number at each call (before 3.12), which
/// is most of what a call into .NET costs; what it reads is where the thread keeps it, and can be read there.
/// </summary>
internal sealed class RunningLoop
{
    private readonly PyName _key = new("__asyncio_running_event_loop__");
    private Place _place;

    /// <summary>How the thread's dictionary holds the loop.</summary>
    private enum Place
    {
        /// <summary>Nobody has looked yet.</summary>
        NotLookedFor,

        /// <summary>Not, or not in a way that is known here.</summary>
        Unknown,

        /// <summary>Itself.</summary>
        Direct,

        /// <summary>In asyncio's <c>_RunningLoopHolder</c>, alone.</summary>
        InHolder,

        /// <summary>In asyncio's <c>_RunningLoopHolder</c>, behind the process's number.</summary>
        InHolderBehindNumber,
    }

    /// <summary>The loop that runs on this thread, for the length of a call; NULL if none does. Needs the GIL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BorrowedReference Find(RunningThread thread)
    {
        if (_place <= Place.Unknown)
        {
            return Ask(thread);
        }

        BorrowedReference none = PythonInterpreter.Current.None;
        BorrowedReference held = Held(thread);
        BorrowedReference found = held.IsNull || held == none ? default : In(held, _place);
        return found == none ? default : found;
    }

    private BorrowedReference Ask(RunningThread thread)
    {
        using NewReference running = AsyncioObjects.Current.RunningLoop();
        if (running.Borrow().IsNone)
        {
            return default;
        }

        if (_place == Place.NotLookedFor)
        {
            _place = Learn(thread, running.Borrow());
        }

        // The thread holds it while it runs it.
        return running.Borrow();
    }

    /// <summary>Where the thread keeps the loop that asyncio says is running: trusted only if it is there.</summary>
    private Place Learn(RunningThread thread, BorrowedReference running)
    {
        BorrowedReference held = Held(thread);
        if (held.IsNull)
        {
            return Place.Unknown;
        }

        if (held == running)
        {
            return Place.Direct;
        }

        bool isHolder = PyText.TypeName(CPython.Py_TYPE(held)).EndsWith("RunningLoopHolder", StringComparison.Ordinal);
        return isHolder && In(held, Place.InHolder) == running ? Place.InHolder
            : isHolder && In(held, Place.InHolderBehindNumber) == running ? Place.InHolderBehindNumber
            : Place.Unknown;
    }

    private static BorrowedReference In(BorrowedReference held, Place place) => place switch
    {
        Place.Direct => held,
        Place.InHolder => CPython.RunningLoopHolder_Word(held, 0),
        _ => CPython.RunningLoopHolder_Word(held, 1),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BorrowedReference Held(RunningThread thread)
    {
        BorrowedReference dictionary = thread.Dictionary;
        return dictionary.IsNull ? default : CPython.PyDict_GetItemWithError(dictionary, _key.Reference);
    }
}
