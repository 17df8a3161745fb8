using System.Runtime.InteropServices;

namespace PyAsync.Api;

// structmember.h
internal static unsafe partial class CPython
{
    internal const int T_OBJECT = 6;
    internal const int T_BOOL = 14;
    internal const int T_PYSSIZET = 19;
    internal const int READONLY = 1;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyMemberDef
    {
        internal byte* name;
        internal int type;
        internal nint offset;
        internal int flags;
        internal byte* doc;
    }
}
