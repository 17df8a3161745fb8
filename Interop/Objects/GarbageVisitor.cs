namespace PyAsync.Objects;

/// <summary>The visitor that CPython's cycle collector passes to a traverse slot. It must neither run Python code nor change a reference count.</summary>
internal readonly unsafe ref struct GarbageVisitor(nint visit, nint argument)
{
    /// <summary>Visits a field. The caller must return a result other than 0 at once.</summary>
    public int Visit(OwnedReference field) =>
        // SAFETY: the collector passes a visitproc, and holds the GIL for its whole run.
        field.IsNull ? 0 : ((delegate* unmanaged[Cdecl]<nint, nint, int>)visit)(field.Pointer, argument);

    /// <summary>Visits the object's type, as required for instances of heap types.</summary>
    public int VisitType(nint self) =>
        // SAFETY: as above.
        ((delegate* unmanaged[Cdecl]<nint, nint, int>)visit)(((CPython.PyObjectHead*)self)->ob_type, argument);
}
