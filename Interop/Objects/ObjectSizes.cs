namespace PyAsync.Objects;

/// <summary>
/// Finds a lower bound of a Python object's memory, if that is cheap. .NET knows only the small owner of an object, and would let thousands of large
/// objects accumulate that were not disposed. The GIL guards it.
/// </summary>
internal sealed class ObjectSizes
{
    /// <summary>Smaller objects are not examined: .NET collects their owners before they add up to much.</summary>
    public const int Large = 16 * 1024;

    // The minimum size of one item in bytes, in the order of the types.
    private static readonly int[] s_itemSizes = [1, 1, 1, 8, 8, 48, 16];

    private readonly nint[] _types =
    [
        CPython.Static("PyBytes_Type").Pointer,
        CPython.Static("PyUnicode_Type").Pointer,
        CPython.Static("PyByteArray_Type").Pointer,
        CPython.Static("PyList_Type").Pointer,
        CPython.Static("PyTuple_Type").Pointer,
        CPython.Static("PyDict_Type").Pointer,
        CPython.Static("PySet_Type").Pointer,
    ];

    // Types that are neither one of the above nor arrays of numpy, each at an index that its address determines.
    private readonly nint[] _others = new nint[16];

    /// <summary>
    /// Gets the size of a large object; 0 for others, and for those whose size is expensive to find; <see cref="PyObject.Urgent"/> for a memoryview.
    /// </summary>
    public long OfLarge(BorrowedReference o)
    {
        nint type = CPython.Py_TYPE(o).Pointer;
        ref nint other = ref _others[(type >> 5) & 15];
        if (other == type)
        {
            return 0;
        }

        int index = _types.AsSpan().IndexOf(type);
        long size = 0;
        if (index >= 0)
        {
            size = CPython.PyObject_Size(o) * (long)s_itemSizes[index];
        }
        else if (PythonThread.IsAttached) // An owner of None may be created on any thread.
        {
            if (type == WellKnownObjects.Current.MemoryViewType.Pointer)
            {
                return PyObject.Urgent; // It keeps another object from being resized.
            }

            if (type == WellKnownObjects.Current.FindImported("numpy", "ndarray").Pointer)
            {
                size = ArraySize(o);
            }
            else
            {
                other = type;
            }
        }

        return size >= Large ? size : 0;
    }

    private static long ArraySize(BorrowedReference array)
    {
        using NewReference size = array.GetAttr(WellKnownNames.Current["nbytes"]);
        if (size.IsNull)
        {
            PythonErrors.Forget();
            return 0;
        }

        return PyNumber.Truncated(size.Borrow());
    }
}
