namespace PyAsync.Interop;

/// <summary>What CPython's cycle collector hands to a traverse slot. It must neither run Python code nor touch a reference count.</summary>
internal readonly unsafe ref struct GarbageVisitor(nint visit, nint argument)
{
    /// <summary>Visits a field; anything but 0 is to be returned at once.</summary>
    public int Visit(OwnedReference field) =>
        // SAFETY: the collector passes a visitproc, and holds the GIL for its whole run.
        field.IsNull ? 0 : ((delegate* unmanaged[Cdecl]<nint, nint, int>)visit)(field.Pointer, argument);

    /// <summary>Visits the object's type, as every heap type's instances must.</summary>
    public int VisitType(nint self) =>
        // SAFETY: as above.
        ((delegate* unmanaged[Cdecl]<nint, nint, int>)visit)(((CPython.PyObjectHead*)self)->ob_type, argument);
}
