using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>
/// A free list of the memory of futures, as CPython has for its own short-lived objects: a future that lives for one call needs neither CPython's
/// allocator nor its garbage collector. The GIL guards it.
/// </summary>
internal unsafe struct FutureMemory
{
    // As many as a gather of a thousand calls has at a time: 140 KB.
    private const int MaxKept = 1_024;

    // The first of a linked list, whose links are in the word of the source.
    private nint _first;
    private int _count;

    /// <summary>Takes a pending future, which the garbage collector does not track yet, and whose loop is that of its predecessor; NULL if the list is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NewReference Take()
    {
        nint pointer = _first;
        if (pointer == 0)
        {
            return default;
        }

        var future = (FutureLayout*)pointer;

        // SAFETY: TryKeep has left the head, with the instance's reference to its type, and no other code knows the object.
        _first = future->Source;
        _count--;
        future->Head.ob_refcnt = 1;
        future->Source = 0;
        future->State = FutureState.Pending;
        future->Blocking = 0;
        future->LogTraceback = 0;
        future->IsMissed = 0;
        future->WasPending = 0;
        future->IsCancelRequested = 0;
        future->CancelsFirst = 0;
        future->IsUntracked = 1;
        return new NewReference(pointer);
    }

    /// <summary>Keeps the memory of a future which has no references any more, which is untracked, and whose fields except the loop are empty.</summary>
    /// <returns>
    /// False if it has to be freed: the list is full, the garbage collector has marked this future as finalised, or CPython keeps a total of all
    /// references, which would miss those of a reused future.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryKeep(nint pointer)
    {
        var future = (FutureLayout*)pointer;
        if (_count == MaxKept || ReferenceCount.IsByCall || (future->IsUntracked == 0 && CPython.PyObject_GC_IsFinalized(pointer) != 0))
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
