namespace PyAsync.Exceptions;

/// <summary>Calls <c>traceback.format_exception</c> with a limit for the frames; imported at first use. Belongs to an interpreter; the GIL guards it.</summary>
internal sealed class TracebackFormatter
{
    private OwnedReference _format;
    private OwnedReference _limitKeyword;

    /// <summary>Formats an exception.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="limit">The number of frames; negative for the innermost ones.</param>
    /// <returns>A list of lines; NULL with the current error set if anything fails, the import included.</returns>
    public NewReference Format(BorrowedReference error, int limit)
    {
        if (_format.IsNull && !TryImport())
        {
            return default;
        }

        using NewReference number = CPython.PyLong_FromLongLong(limit);
        return number.IsNull ? default : _format.Borrow().CallWithKeywords(error, _limitKeyword.Borrow(), number.Borrow());
    }

    private bool TryImport()
    {
        WellKnownNames names = WellKnownNames.Current;
        using NewReference module = CPython.PyImport_Import(names["traceback"].Reference);
        if (module.IsNull)
        {
            return false;
        }

        NewReference format = module.Borrow().GetAttr(names["format_exception"]);
        NewReference keyword = format.IsNull ? default : CPython.PyTuple_New(1);
        if (keyword.IsNull)
        {
            format.Dispose();
            return false;
        }

        PyTuple.Set(keyword.Borrow(), 0, NewReference.From(names["limit"].Reference));
        _limitKeyword.Set(keyword);
        _format.Set(format);
        return true;
    }
}
