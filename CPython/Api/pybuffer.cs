using System.Runtime.InteropServices;

namespace PyAsync.Api;

// pybuffer.h
internal static unsafe partial class CPython
{
    internal const int PyBUF_WRITABLE = 0x001;
    internal const int PyBUF_FORMAT = 0x004;
    internal const int PyBUF_ND = 0x008;
    internal const int PyBUF_STRIDES = 0x010 | PyBUF_ND;
    internal const int PyBUF_F_CONTIGUOUS = 0x040 | PyBUF_STRIDES;
    internal const int PyBUF_INDIRECT = 0x100 | PyBUF_STRIDES;
    internal const int PyBUF_FULL_RO = PyBUF_INDIRECT | PyBUF_FORMAT;

    /// <summary>The maximum number of dimensions.</summary>
    internal const int PyBUF_MAX_NDIM = 64;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Py_buffer
    {
        internal void* buf;
        internal nint obj;
        internal nint len;
        internal nint itemsize;
        internal int @readonly;
        internal int ndim;
        internal byte* format;
        internal nint* shape;
        internal nint* strides;
        internal nint* suboffsets;
        internal void* @internal;
    }

    [LibraryImport(Library)]
    internal static partial int PyObject_CheckBuffer(BorrowedReference o);

    /// <summary>Fills in a structure that <see cref="PyBuffer_Release"/> must end. -1 with the error set if the object refuses.</summary>
    [LibraryImport(Library)]
    internal static partial int PyObject_GetBuffer(BorrowedReference o, Py_buffer* view, int flags);

    [LibraryImport(Library)]
    internal static partial void PyBuffer_Release(Py_buffer* view);
}
