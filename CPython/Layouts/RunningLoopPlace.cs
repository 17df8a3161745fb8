using System.Runtime.CompilerServices;

namespace PyAsync.Layouts;

/// <summary>
/// The place where a thread keeps its running loop: in its dictionary, directly or in asyncio's <c>_RunningLoopHolder</c>. It is probed with the first
/// loop that asyncio reports as running. From 3.14 on the loop is in the thread's state, and asyncio's function is called. The GIL guards it.
/// </summary>
internal sealed unsafe class RunningLoopPlace
{
    private OwnedReference _key;
    private Place _place;

    private enum Place
    {
        NotProbed,

        /// <summary>Not in a known way.</summary>
        Unknown,

        /// <summary>In the dictionary itself.</summary>
        Direct,

        /// <summary>In the holder, alone.</summary>
        InHolder,

        /// <summary>In the holder, after the process's number.</summary>
        InHolderBehindNumber,
    }

    /// <summary>True if <see cref="Read"/> may be called.</summary>
    public bool IsKnown => _place > Place.Unknown;

    /// <summary>Reads the loop that runs on this thread; NULL if none runs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BorrowedReference Read(RunningThread thread)
    {
        BorrowedReference none = InterpreterState.Current.None;
        BorrowedReference held = Held(thread);
        BorrowedReference found = held.IsNull || held == none ? default : In(held, _place);
        return found == none ? default : found;
    }

    /// <summary>Probes with a loop that asyncio reports as running on this thread. Does nothing after the first call.</summary>
    public void Probe(RunningThread thread, BorrowedReference running)
    {
        if (_place == Place.NotProbed)
        {
            _place = CPythonLayouts.AreAllowed ? Find(thread, running) : Place.Unknown;
        }
    }

    private Place Find(RunningThread thread, BorrowedReference running)
    {
        // SAFETY: the literal is zero-terminated and pinned for the call, which copies it.
        fixed (byte* name = "__asyncio_running_event_loop__"u8)
        {
            _key.Set(CPython.PyUnicode_InternFromString(name));
        }

        BorrowedReference held = _key.IsNull ? default : Held(thread);
        if (held.IsNull)
        {
            CPython.PyErr_Clear();
            return Place.Unknown;
        }

        if (held == running)
        {
            return Place.Direct;
        }

        return !IsHolder(held) ? Place.Unknown
            : In(held, Place.InHolder) == running ? Place.InHolder
            : In(held, Place.InHolderBehindNumber) == running ? Place.InHolderBehindNumber
            : Place.Unknown;
    }

    private static bool IsHolder(BorrowedReference held)
    {
        using NewReference name = CPython.PyType_GetName(CPython.Py_TYPE(held));
        nint size = 0;
        byte* utf8 = name.IsNull ? null : CPython.PyUnicode_AsUTF8AndSize(name.Borrow(), &size);
        return utf8 != null && new ReadOnlySpan<byte>(utf8, (int)size).EndsWith("RunningLoopHolder"u8);
    }

    private static BorrowedReference In(BorrowedReference held, Place place) => place switch
    {
        Place.Direct => held,
        Place.InHolder => HolderWord(held, 0),
        _ => HolderWord(held, 1),
    };

    // SAFETY: PyRunningLoopHolder is a head, perhaps a pid_t, the loop, in memory of whole 16 bytes; its type is checked before the first use.
    private static BorrowedReference HolderWord(BorrowedReference holder, int index) =>
        new(((nint*)((CPython.PyObjectHead*)holder.Pointer + 1))[index]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BorrowedReference Held(RunningThread thread)
    {
        BorrowedReference dictionary = thread.Dictionary;
        return dictionary.IsNull ? default : CPython.PyDict_GetItemWithError(dictionary, _key.Borrow());
    }
}
