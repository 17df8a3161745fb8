using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>
/// The memory of futures that are gone, kept for the next ones: a future that lives for one call costs no trip to CPython's allocator,
/// nor to its collector. As CPython does with its own short-lived objects (free lists). The GIL guards it.
/// </summary>
internal static unsafe class FutureMemory
{
    private const int MaxKept = 256;

    private static readonly nint[] s_kept = new nint[MaxKept];
    private static int s_count;

    /// <summary>A pending future without a loop, which the collector does not know yet; NULL if none is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NewReference Take()
    {
        if (s_count == 0)
        {
            return default;
        }

        nint pointer = s_kept[--s_count];
        var future = (FutureLayout*)pointer;

        // SAFETY: TryKeep has left the head, with the instance's reference to its type, and nobody else knows the object.
        future->Head.ob_refcnt = 1;
        future->State = FutureState.Pending;
        future->Blocking = 0;
        future->LogTraceback = 0;
        future->IsUntracked = 1;
        return new NewReference(pointer);
    }

    /// <summary>Keeps the memory of a future which nothing refers to any more, which is untracked, and whose fields are empty.</summary>
    /// <returns>False if it has to be freed: enough are kept, or the collector remembers that this one's finaliser has run.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryKeep(nint future)
    {
        if (s_count == MaxKept || (((FutureLayout*)future)->IsUntracked == 0 && CPython.PyObject_GC_IsFinalized(future) != 0))
        {
            return false;
        }

        ((FutureLayout*)future)->WeakReferences = 0;
        s_kept[s_count++] = future;
        return true;
    }
}
