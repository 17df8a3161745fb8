namespace PyAsync.References;

/// <summary>
/// A <c>PyObject*</c> that another owner keeps alive. Valid for the length of a call; to keep the object, take a <see cref="NewReference"/> of it.
/// </summary>
internal readonly ref struct BorrowedReference(nint pointer)
{
    /// <summary>Gets the address itself; 0 stands for C's NULL.</summary>
    public nint Pointer { get; } = pointer;

    public bool IsNull => Pointer == 0;

    public static bool operator ==(BorrowedReference left, BorrowedReference right) => left.Pointer == right.Pointer;

    public static bool operator !=(BorrowedReference left, BorrowedReference right) => left.Pointer != right.Pointer;

    public override bool Equals(object? obj) => false;

    public override int GetHashCode() => Pointer.GetHashCode();
}
