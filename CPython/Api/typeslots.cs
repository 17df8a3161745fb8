using System.Runtime.InteropServices;

namespace PyAsync.Api;

// typeslots.h
internal static unsafe partial class CPython
{
    internal const int Py_bf_getbuffer = 1;
    internal const int Py_mp_subscript = 5;
    internal const int Py_tp_base = 48;
    internal const int Py_tp_call = 50;
    internal const int Py_tp_clear = 51;
    internal const int Py_tp_dealloc = 52;
    internal const int Py_tp_descr_get = 54;
    internal const int Py_tp_doc = 56;
    internal const int Py_tp_init = 60;
    internal const int Py_tp_iter = 62;
    internal const int Py_tp_iternext = 63;
    internal const int Py_tp_methods = 64;
    internal const int Py_tp_repr = 66;
    internal const int Py_tp_traverse = 71;
    internal const int Py_tp_members = 72;
    internal const int Py_tp_getset = 73;
    internal const int Py_am_await = 77;
    internal const int Py_tp_finalize = 80;
    internal const int Py_am_send = 81;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyType_Slot
    {
        internal int slot;
        internal void* pfunc;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyType_Spec
    {
        internal byte* name;
        internal int basicsize;
        internal int itemsize;
        internal uint flags;
        internal PyType_Slot* slots;
    }
}
