namespace PyAsync.Objects;

/// <summary>
/// Frequent calls of the bridge, as safe code. Like C's functions, they return NULL or a negative number on failure and leave the Python error set.
/// </summary>
internal static unsafe class ReferenceOperations
{
    private static nuint OffsetFlag => CPython.PY_VECTORCALL_ARGUMENTS_OFFSET;

    extension(BorrowedReference o)
    {
        public bool IsNone => o == InterpreterState.Current.None;

        public NewReference GetAttr(PyName name) => CPython.PyObject_GetAttr(o, name.Reference);

        public bool IsInstanceOfExactly(BorrowedReference type) => CPython.Py_TYPE(o) == type;

        public bool HasFeature(uint typeFlag) => CPython.PyType_HasFeature(CPython.Py_TYPE(o), typeFlag);

        public NewReference Call() => ForkedChild.Checked(CPython.PyObject_CallNoArgs(o));

        public NewReference Call(BorrowedReference a)
        {
            // SAFETY: one slot more than arguments, as the offset flag promises; the array lives for the call.
            nint* args = stackalloc nint[2] { 0, a.Pointer };
            return ForkedChild.Checked(CPython.PyObject_Vectorcall(o, args + 1, 1 | OffsetFlag, default));
        }

        public NewReference Call(BorrowedReference a, BorrowedReference b)
        {
            // SAFETY: as above.
            nint* args = stackalloc nint[3] { 0, a.Pointer, b.Pointer };
            return ForkedChild.Checked(CPython.PyObject_Vectorcall(o, args + 1, 2 | OffsetFlag, default));
        }

        public NewReference Call(BorrowedReference a, BorrowedReference b, BorrowedReference c)
        {
            // SAFETY: as above.
            nint* args = stackalloc nint[4] { 0, a.Pointer, b.Pointer, c.Pointer };
            return ForkedChild.Checked(CPython.PyObject_Vectorcall(o, args + 1, 3 | OffsetFlag, default));
        }

        /// <summary>Calls with one positional argument and keyword arguments named by the tuple <paramref name="kwnames"/>.</summary>
        public NewReference CallWithKeywords(BorrowedReference a, BorrowedReference kwnames, BorrowedReference k1, BorrowedReference k2 = default)
        {
            // SAFETY: as above; a tuple of one name leaves the last slot unread.
            nint* args = stackalloc nint[4] { 0, a.Pointer, k1.Pointer, k2.Pointer };
            return ForkedChild.Checked(CPython.PyObject_Vectorcall(o, args + 1, 1 | OffsetFlag, kwnames));
        }

        public NewReference CallMethod(PyName name)
        {
            // SAFETY: as above; the object itself is the first argument of a method call.
            nint* args = stackalloc nint[2] { 0, o.Pointer };
            return ForkedChild.Checked(CPython.PyObject_VectorcallMethod(name.Reference, args + 1, 1 | OffsetFlag, default));
        }

        public NewReference CallMethod(PyName name, BorrowedReference a)
        {
            // SAFETY: as above.
            nint* args = stackalloc nint[3] { 0, o.Pointer, a.Pointer };
            return ForkedChild.Checked(CPython.PyObject_VectorcallMethod(name.Reference, args + 1, 2 | OffsetFlag, default));
        }

        public NewReference CallMethod(PyName name, BorrowedReference a, BorrowedReference b)
        {
            // SAFETY: as above.
            nint* args = stackalloc nint[4] { 0, o.Pointer, a.Pointer, b.Pointer };
            return ForkedChild.Checked(CPython.PyObject_VectorcallMethod(name.Reference, args + 1, 3 | OffsetFlag, default));
        }
    }
}
