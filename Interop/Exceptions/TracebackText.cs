using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PyAsync.Exceptions;

/// <summary>Writes a Python exception as Python prints it. Needs the GIL.</summary>
/// <remarks>
/// <c>traceback.format_exception</c> is Python code, which fails at the recursion limit, without memory, or when other code has replaced it. Its
/// failure is dropped and not converted, because the conversion would format that failure, and so on.
/// </remarks>
internal static unsafe class TracebackText
{
    /// <summary>The maximum number of frames in the text, innermost ones first. Tracebacks of recursions, and of exceptions that are raised repeatedly, are long.</summary>
    private const int MaxFrames = 100;

    /// <summary>The maximum number of causes, contexts and members for which Python's formatting is called, because it would read all of them.</summary>
    private const int MaxRelated = 1_000;

    /// <param name="error">The exception.</param>
    /// <param name="isWhole">True if the text has causes, contexts and groups too.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure must not hide the exception.")]
    public static string Of(BorrowedReference error, out bool isWhole)
    {
        try
        {
            isWhole = HasPlainRelations(error) && HasFewRelated(error);
            if (isWhole && Format(error) is { } text)
            {
                return text;
            }
        }
        catch (Exception)
        {
            PythonErrors.Forget();
        }

        isWhole = false;
        return Fallback(error);
    }

    /// <summary>Gets the last line only: type and message.</summary>
    public static string WithoutFrames(BorrowedReference error)
    {
        string type = PyText.TypeName(CPython.Py_TYPE(error));
        string message = ExceptionFacts.Message(error);
        return message.Length > 0 ? $"{type}: {message}\n" : type + "\n";
    }

    /// <summary>Calls <c>traceback.format_exception</c>; null if it fails.</summary>
    private static string? Format(BorrowedReference error)
    {
        TracebackFormatter formatter = InterpreterState.Current.Attachment<TracebackFormatter>();
        using NewReference lines = formatter.Format(error, -MaxFrames);
        if (lines.IsNull)
        {
            PythonErrors.Forget();
            return null;
        }

        if (!lines.Borrow().HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS))
        {
            return null;
        }

        var text = new StringBuilder();
        int header = -1;
        for (int i = 0; i < CPython.PyList_Size(lines.Borrow()); i++)
        {
            BorrowedReference line = CPython.PyList_GetItem(lines.Borrow(), i);
            if (!PyText.IsString(line))
            {
                return null;
            }

            string part = PyText.ToString(line);
            text.Append(part);
            header = part.StartsWith("Traceback (", StringComparison.Ordinal) && part.EndsWith(":\n", StringComparison.Ordinal) ? text.Length : header;
        }

        int omitted = CountFrames(error) - MaxFrames;
        if (omitted > 0 && header >= 0)
        {
            text.Insert(header, $"  [{omitted} outer frames are left out]\n");
        }

        return text.Length > 0 ? text.ToString() : null;
    }

    /// <summary>Composes the text without any Python code, from CPython's objects: the frames without their source lines, and the message.</summary>
    private static string Fallback(BorrowedReference error)
    {
        var text = new StringBuilder();
        try
        {
            AppendFrames(error, text);
        }
#pragma warning disable CA1031 // A failure must not hide the exception.
        catch (Exception)
#pragma warning restore CA1031
        {
            PythonErrors.Forget();
            text.Clear();
        }

        return text.Append(WithoutFrames(error)).ToString();
    }

    private static void AppendFrames(BorrowedReference error, StringBuilder text)
    {
        WellKnownNames names = WellKnownNames.Current;
        int skipped = Math.Max(0, CountFrames(error) - MaxFrames);
        NewReference entry = CPython.PyException_GetTraceback(error);
        if (!entry.IsNull)
        {
            text.Append("Traceback (most recent call last):\n");
        }

        for (int i = 0; !entry.IsNull && !entry.Borrow().IsNone; i++)
        {
            if (i >= skipped)
            {
                using NewReference frame = entry.Borrow().GetAttr(names.TracebackFrame).OrThrow();
                using NewReference code = frame.Borrow().GetAttr(names["f_code"]).OrThrow();
                using NewReference file = code.Borrow().GetAttr(names["co_filename"]).OrThrow();
                using NewReference name = code.Borrow().GetAttr(names["co_name"]).OrThrow();
                using NewReference line = entry.Borrow().GetAttr(names["tb_lineno"]).OrThrow();
                int overflow;
                long number = line.Borrow().IsNone ? 0 : CPython.PyLong_AsLongLongAndOverflow(line.Borrow(), &overflow);
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  File \"{PyText.ToString(file.Borrow())}\", line {number}, in {PyText.ToString(name.Borrow())}\n");
            }

            NewReference next = entry.Borrow().GetAttr(names.TracebackNext);
            entry.Dispose();
            entry = next;
        }

        entry.Dispose();
    }

    private static int CountFrames(BorrowedReference error)
    {
        PyName nextName = WellKnownNames.Current.TracebackNext;
        int count = 0;
        NewReference entry = CPython.PyException_GetTraceback(error);
        while (!entry.IsNull && !entry.Borrow().IsNone)
        {
            count++;
            NewReference next = entry.Borrow().GetAttr(nextName);
            entry.Dispose();
            entry = next;
        }

        if (entry.IsNull && count > 0)
        {
            PythonErrors.Forget();
        }

        entry.Dispose();
        return count;
    }

    /// <summary>
    /// True if the class of an exception has BaseException's own attributes. Python's formatting reads the attributes, and never ends if, for example, a
    /// property returns a new cause each time, or if a group contains itself.
    /// </summary>
    private static bool HasPlainRelations(BorrowedReference error)
    {
        WellKnownObjects objects = WellKnownObjects.Current;
        BorrowedReference type = CPython.Py_TYPE(error), plain = objects.Exception("BaseException"), group = objects.Exception("BaseExceptionGroup");
        WellKnownNames names = WellKnownNames.Current;
        return IsSame(type, plain, names.Cause) && IsSame(type, plain, names["__context__"]) && IsSame(type, plain, names["__traceback__"])
            && IsSame(type, plain, names["__getattribute__"])
            && (CPython.PyErr_GivenExceptionMatches(error, group) == 0 || IsSame(type, group, names.Exceptions));
    }

    private static bool IsSame(BorrowedReference type, BorrowedReference plain, PyName name)
    {
        if (type == plain)
        {
            return true;
        }

        using NewReference attribute = type.GetAttr(name);
        using NewReference original = plain.GetAttr(name);
        if (attribute.IsNull || original.IsNull)
        {
            PythonErrors.Forget();
            return false;
        }

        return attribute.Borrow() == original.Borrow();
    }

    /// <summary>Follows causes, contexts and groups, as Python's formatting does, up to the maximum number.</summary>
    private static bool HasFewRelated(BorrowedReference error)
    {
        using NewReference firstCause = CPython.PyException_GetCause(error);
        using NewReference firstContext = CPython.PyException_GetContext(error);
        using NewReference firstMembers = ExceptionFacts.Members(error);
        if (firstCause.IsNull && firstContext.IsNull && firstMembers.IsNull)
        {
            return true;
        }

        // Borrowed: the exception keeps them all alive, and this method runs no Python code. Python's formatting reads the members of a group once for
        // each of their occurrences, and causes and contexts only once.
        HashSet<nint> seen = [error.Pointer];
        Stack<nint> open = new([error.Pointer]);
        nint count = 0;
        while (open.TryPop(out nint next))
        {
            var current = new BorrowedReference(next);
            using NewReference cause = CPython.PyException_GetCause(current);
            using NewReference context = CPython.PyException_GetContext(current);
            using NewReference members = ExceptionFacts.Members(current);
            if (next != error.Pointer && !HasPlainRelations(current))
            {
                return false;
            }

            Add(cause.Pointer);
            Add(context.Pointer);
            nint size = members.IsNull ? 0 : CPython.PyTuple_Size(members.Borrow());
            count += 1 + size;
            if (count > MaxRelated)
            {
                return false;
            }

            for (nint i = 0; i < size; i++)
            {
                open.Push(CPython.PyTuple_GetItem(members.Borrow(), i).Pointer);
            }
        }

        return true;

        void Add(nint related)
        {
            if (related != 0 && seen.Add(related))
            {
                open.Push(related);
            }
        }
    }
}
