using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Which loop runs on this thread. asyncio's own function asks the system for the process's number at each call (before 3.12), which
/// is most of what a call into .NET costs; what it reads is where the thread keeps it, and can be read there.
/// </summary>
internal sealed class RunningLoop
{
    private readonly PyName _key = new("__asyncio_running_event_loop__");
    private Place? _place;

    /// <summary>How the thread's dictionary holds the loop.</summary>
    private enum Place
    {
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
    public BorrowedReference Find()
    {
        if (_place is not (null or Place.Unknown))
        {
            BorrowedReference held = Held();
            BorrowedReference found = held.IsNull || held.IsNone ? default : In(held, _place.Value);
            return found.IsNull || found.IsNone ? default : found;
        }

        using NewReference running = AsyncioObjects.Current.RunningLoop();
        if (running.Borrow().IsNone)
        {
            return default;
        }

        _place ??= Learn(running.Borrow());

        // The thread holds it while it runs it.
        return running.Borrow();
    }

    /// <summary>Where the thread keeps the loop that asyncio says is running: trusted only if it is there.</summary>
    private Place Learn(BorrowedReference running)
    {
        BorrowedReference held = Held();
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

    private BorrowedReference Held()
    {
        BorrowedReference dictionary = CPython.PyThreadState_GetDict();
        return dictionary.IsNull ? default : CPython.PyDict_GetItemWithError(dictionary, _key.Reference);
    }
}
