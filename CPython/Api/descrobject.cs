using System.Runtime.InteropServices;

namespace PyAsync.Api;

// descrobject.h
internal static unsafe partial class CPython
{
    [StructLayout(LayoutKind.Sequential)]
    internal struct PyGetSetDef
    {
        internal byte* name;
        internal void* get;
        internal void* set;
        internal byte* doc;
        internal void* closure;
    }
}
