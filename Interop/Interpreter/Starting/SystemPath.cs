namespace PyAsync.Interpreter.Starting;

/// <summary>Changes Python's <c>sys.path</c>.</summary>
internal static class SystemPath
{
    /// <summary>Makes Python import from a folder before any other. A folder that is listed already keeps its position.</summary>
    public static unsafe void Prepend(string folder)
    {
        BorrowedReference path = CPython.PySys_GetObject(CPython.Utf8("path"));
        NewReference entry = PyText.FromString(Path.TrimEndingDirectorySeparator(folder));
        try
        {
            if (CPython.PySequence_Contains(path, entry.Borrow()) == 0)
            {
                NewReference list = CPython.PyList_New(1);
                _ = CPython.PyList_SetItem(list.Borrow(), 0, NewReference.From(entry.Borrow()).Steal());
                if (CPython.PyList_SetSlice(path, 0, 0, list.Borrow()) < 0)
                {
                    throw PythonErrors.Take();
                }

                list.Dispose();
            }
        }
        finally
        {
            entry.Dispose();
        }
    }
}
