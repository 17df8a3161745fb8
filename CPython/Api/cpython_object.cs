using System.Runtime.InteropServices;

namespace PyAsync.Api;

// cpython/object.h: the layout of types, on builds with a GIL. Unchanged since 3.8. Only ForkGuard uses it, and checks it first.
internal static unsafe partial class CPython
{
    [StructLayout(LayoutKind.Sequential)]
    internal struct PyTypeObject
    {
        internal PyObjectHead ob_base;
        internal nint ob_size;
        internal byte* tp_name;
        internal nint tp_basicsize;
        internal nint tp_itemsize;
        internal void* tp_dealloc;
        internal nint tp_vectorcall_offset;
        internal void* tp_getattr;
        internal void* tp_setattr;
        internal PyAsyncMethods* tp_as_async;
        internal void* tp_repr;
        internal void* tp_as_number;
        internal void* tp_as_sequence;
        internal void* tp_as_mapping;
        internal void* tp_hash;
        internal void* tp_call;
        internal void* tp_str;
        internal void* tp_getattro;
        internal void* tp_setattro;
        internal PyBufferProcs* tp_as_buffer;
        internal CULong tp_flags;
        internal byte* tp_doc;
        internal void* tp_traverse;
        internal void* tp_clear;
        internal void* tp_richcompare;
        internal nint tp_weaklistoffset;
        internal void* tp_iter;
        internal void* tp_iternext;
        internal void* tp_methods;
        internal void* tp_members;
        internal void* tp_getset;
        internal void* tp_base;
        internal void* tp_dict;
        internal void* tp_descr_get;
        internal void* tp_descr_set;
        internal nint tp_dictoffset;
        internal void* tp_init;
        internal void* tp_alloc;
        internal void* tp_new;
        internal void* tp_free;
        internal void* tp_is_gc;
        internal void* tp_bases;
        internal void* tp_mro;
        internal void* tp_cache;
        internal void* tp_subclasses;
        internal void* tp_weaklist;
        internal void* tp_del;
        internal uint tp_version_tag;
        internal void* tp_finalize;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyBufferProcs
    {
        internal void* bf_getbuffer;
        internal void* bf_releasebuffer;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PyAsyncMethods
    {
        internal void* am_await;
        internal void* am_aiter;
        internal void* am_anext;
        internal void* am_send;
    }
}
