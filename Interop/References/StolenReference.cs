namespace PyAsync.Interop;

/// <summary>A reference on its way into a C function that keeps it, even when that function fails.</summary>
internal readonly ref struct StolenReference(nint pointer)
{
    public nint Pointer { get; } = pointer;
}
