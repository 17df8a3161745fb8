namespace PyAsync.Buffers;

/// <summary>
/// A reference to Python <c>bytes</c>, whose content any thread reads without the GIL: it neither moves nor changes while the reference is held.
/// </summary>
internal unsafe struct HeldBytes
{
    private OwnedReference _bytes;
    private byte* _start;

    /// <summary>Takes a reference. Needs the GIL.</summary>
    /// <param name="bytes">An object of the type <c>bytes</c>; borrowed.</param>
    /// <exception cref="OverflowException">It has more than 2 GB.</exception>
    public HeldBytes(BorrowedReference bytes)
    {
        byte* start;
        nint length;
        _ = CPython.PyBytes_AsStringAndSize(bytes, &start, &length);
        Length = checked((int)length);
        _start = start;
        _bytes.Set(NewReference.From(bytes));
    }

    /// <summary>Gets the number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Gets the content. Valid until <see cref="Release"/>; from any thread.</summary>
    public readonly ReadOnlySpan<byte> Span =>
        // SAFETY: the reference keeps the object alive, and bytes are immutable.
        new(_start, Length);

    /// <summary>Drops the reference. Needs the GIL.</summary>
    public void Release()
    {
        Length = 0;
        _start = null;
        _bytes.Clear();
    }
}
