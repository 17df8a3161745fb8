namespace PyAsync.Interop;

/// <summary>
/// A <c>PyObject*</c> that somebody else keeps alive. Good for the length of a call; to keep the object, take a
/// <see cref="NewReference"/> of it.
/// </summary>
internal readonly ref struct BorrowedReference(nint pointer)
{
    /// <summary>The address itself; 0 stands for C's NULL.</summary>
    public nint Pointer { get; } = pointer;

    public bool IsNull => Pointer == 0;

    public static bool operator ==(BorrowedReference left, BorrowedReference right) => left.Pointer == right.Pointer;

    public static bool operator !=(BorrowedReference left, BorrowedReference right) => left.Pointer != right.Pointer;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => Pointer.GetHashCode();
}
