namespace PyAsync.References;

/// <summary>A reference that is passed to a C function, which keeps it even if the function fails.</summary>
internal readonly ref struct StolenReference(nint pointer)
{
    public nint Pointer { get; } = pointer;
}
