using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// The memory of futures that are gone, kept for the next ones: a future that lives for one call costs no trip to CPython's allocator,
/// nor to its collector. As CPython does with its own short-lived objects (free lists). The GIL guards it.
/// </summary>
internal unsafe struct FutureMemory
{
    // As many as a gather of a thousand calls has at a time: 140 KB.
    private const int MaxKept = 1_024;

    // The first of a list that goes through their memory, by the word that was their source.
    private nint _first;
    private int _count;

    /// <summary>A pending future, which the collector does not know yet, and whose loop is that of the one before; NULL if none is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NewReference Take()
    {
        nint pointer = _first;
        if (pointer == 0)
        {
            return default;
        }

        var future = (FutureLayout*)pointer;

        // SAFETY: TryKeep has left the head, with the instance's reference to its type, and nobody else knows the object.
        _first = future->Source;
        _count--;
        future->Head.ob_refcnt = 1;
        future->Source = 0;
        future->State = FutureState.Pending;
        future->Blocking = 0;
        future->LogTraceback = 0;
        future->IsUntracked = 1;
        return new NewReference(pointer);
    }

    /// <summary>Keeps the memory of a future which nothing refers to any more, which is untracked, and whose fields but the loop are empty.</summary>
    /// <returns>False if it has to be freed: enough are kept, or the collector remembers that this one's finaliser has run.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryKeep(nint pointer)
    {
        var future = (FutureLayout*)pointer;
        if (_count == MaxKept || (future->IsUntracked == 0 && CPython.PyObject_GC_IsFinalized(pointer) != 0))
        {
            return false;
        }

        future->WeakReferences = 0;
        future->Source = _first;
        _first = pointer;
        _count++;
        return true;
    }
}
