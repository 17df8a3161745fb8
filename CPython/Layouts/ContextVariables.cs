namespace PyAsync.Layouts;

/// <summary>
/// Compares the variables of contexts: a context refers to an immutable map, which a copy shares until a variable is set. The address is only compared:
/// never dereferenced, never kept longer than the context.
/// </summary>
internal static unsafe class ContextVariables
{
    /// <summary>True if two contexts have the same variables with the same values; also false if that is not known. Needs the GIL.</summary>
    public static bool AreSame(BorrowedReference context, BorrowedReference other) =>
        CPythonLayouts.HasContextVariables && MapOf(context) == MapOf(other);

    /// <summary>Probes the position of the map with real contexts. Needs the GIL.</summary>
    public static bool Probe()
    {
        bool isFound = ChangesWithVariables();
        CPython.PyErr_Clear();
        return isFound;
    }

    private static bool ChangesWithVariables()
    {
        using NewReference context = CPython.PyContext_CopyCurrent();
        using NewReference copy = context.IsNull ? default : CPython.PyContext_Copy(context.Borrow());
        if (copy.IsNull || MapOf(context.Borrow()) == 0 || MapOf(copy.Borrow()) != MapOf(context.Borrow()))
        {
            return false;
        }

        // SAFETY: the literal is zero-terminated and pinned for the call.
        fixed (byte* name = "pyasync_probe"u8)
        {
            nint before = MapOf(context.Borrow());
            using NewReference variable = CPython.PyContextVar_New(name, default);
            if (variable.IsNull || CPython.PyContext_Enter(copy.Borrow()) < 0)
            {
                return false;
            }

            using NewReference token = CPython.PyContextVar_Set(variable.Borrow(), None);
            return CPython.PyContext_Exit(copy.Borrow()) == 0
                && !token.IsNull
                && MapOf(copy.Borrow()) != before
                && MapOf(context.Borrow()) == before;
        }
    }

    private static BorrowedReference None => CPython.Static("_Py_NoneStruct");

    // SAFETY: PyContext is a head, the context entered before, the map; the caller holds the GIL and a reference.
    private static nint MapOf(BorrowedReference context) => ((nint*)((CPython.PyObjectHead*)context.Pointer + 1))[1];
}
