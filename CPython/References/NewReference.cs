using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PyAsync.References;

/// <summary>
/// One owned reference. It ends in exactly one way: <see cref="Dispose"/> drops it, <see cref="Steal"/> passes it to a C function that keeps it,
/// <c>ToPyObject</c> and <see cref="OwnedReference"/> move it into an object that outlives the method.
/// </summary>
/// <remarks>
/// This file and <see cref="OwnedReference"/> are the only ones that count references, by <see cref="ReferenceCount"/>. A variable declared with
/// <c>using</c> is read-only, so the methods that move work on a copy of it: move only out of plain variables.
/// </remarks>
[DebuggerDisplay("{_pointer}")]
internal ref struct NewReference(nint pointer)
{
    private nint _pointer = pointer;

    public readonly bool IsNull => _pointer == 0;

    public readonly nint Pointer => _pointer;

    /// <summary>Takes a further reference to an object that another owner keeps alive; NULL stays NULL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NewReference From(BorrowedReference borrowed)
    {
        if (!borrowed.IsNull)
        {
            ReferenceCount.Increment(borrowed.Pointer);
        }

        return new NewReference(borrowed.Pointer);
    }

    public readonly BorrowedReference Borrow() => new(_pointer);

    public StolenReference Steal() => new(Take());

    /// <summary>Returns the bare address, for a slot that passes the reference to its caller.</summary>
    public nint Take()
    {
        nint pointer = _pointer;
        _pointer = 0;
        return pointer;
    }

    public void Dispose()
    {
        nint pointer = Take();
        if (pointer != 0)
        {
            ReferenceCount.Decrement(pointer);
        }
    }
}
