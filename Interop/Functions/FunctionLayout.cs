using System.Runtime.InteropServices;

namespace PyAsync.Functions;

/// <summary>The memory of a <c>pyasync.Function</c>. The GIL guards it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FunctionLayout
{
    public CPython.PyObjectHead Head;
    public delegate* unmanaged[Cdecl]<nint, nint*, nuint, nint, nint> Vectorcall;

    /// <summary>A <see cref="PyCallable"/>.</summary>
    public ManagedField Callable;
    public OwnedReference Dict;

    /// <summary>A tuple of <c>__code__</c>, <c>__defaults__</c> and <c>__kwdefaults__</c>; NULL until Python code reads one of them.</summary>
    public OwnedReference Code;
    public nint WeakReferences;
    public FunctionKind Kind;
}
