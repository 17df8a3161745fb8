namespace PyAsync.Layouts;

/// <summary>
/// The word of a future of asyncio's C implementation that holds its result: NULL until the future is done, and if it has ended with an exception. A task begins with the
/// same words. Calls of <c>done()</c> and <c>result()</c> are a tenth of an await of a coroutine that ends at once.
/// </summary>
/// <param name="Result">The number of the word that holds the result.</param>
internal readonly unsafe record struct AsyncioFutureLayout(int Result)
{
    private const int NotFound = 0;

    /// <summary>True if <see cref="ResultOf"/> finds results.</summary>
    public bool IsKnown => Result != NotFound;

    /// <summary>Gets the result of a future, or of a task, of exactly one of the classes whose layout this is; NULL if it has none or if the layout is not in use.</summary>
    public BorrowedReference ResultOf(BorrowedReference future) => Result == NotFound ? default : Word(future, Result);

    /// <summary>Probes futures of asyncio's C implementation. Runs no Python code. Needs the GIL.</summary>
    /// <param name="futureType">The class <c>_asyncio.Future</c>.</param>
    public static AsyncioFutureLayout Probe(BorrowedReference futureType)
    {
        int found = CPythonLayouts.AreAllowed ? Find(futureType) : NotFound;
        CPython.PyErr_Clear();
        return new AsyncioFutureLayout(found);
    }

    private static int Find(BorrowedReference type)
    {
        using NewReference size = Attribute(type, "__basicsize__"u8), loop = NewLoop(), result = CPython.PyList_New(0);
        using NewReference pending = New(type, loop.Borrow()), done = New(type, loop.Borrow()), failed = New(type, loop.Borrow()), cancelled = New(type, loop.Borrow());
        if (size.IsNull || result.IsNull || pending.IsNull || done.IsNull || failed.IsNull || cancelled.IsNull
            || !Succeeds(done, "set_result"u8, result.Borrow())
            || !Succeeds(failed, "set_exception"u8, CPython.Global("PyExc_RuntimeError"))
            || !Succeeds(failed, "exception"u8, default) // Else it would be reported as never retrieved.
            || !Succeeds(cancelled, "cancel"u8, default))
        {
            return NotFound;
        }

        int overflow;
        int words = (int)(CPython.PyLong_AsLongLongAndOverflow(size.Borrow(), &overflow) / sizeof(nint));
        int found = NotFound;
        for (int i = sizeof(CPython.PyObjectHead) / sizeof(nint); i < words; i++)
        {
            if (Word(done.Borrow(), i) != result.Borrow())
            {
                continue;
            }

            if (found != NotFound || !Word(pending.Borrow(), i).IsNull || !Word(failed.Borrow(), i).IsNull || !Word(cancelled.Borrow(), i).IsNull)
            {
                return NotFound;
            }

            found = i;
        }

        return found;
    }

    /// <summary>Makes an object that futures take for a loop, and whose only method is not Python code, in which a signal's handler could run: <c>SimpleNamespace(get_debug=bool)</c>.</summary>
    private static NewReference NewLoop()
    {
        // SAFETY: the literal is zero-terminated and pinned for the call.
        fixed (byte* name = "implementation"u8)
        {
            BorrowedReference implementation = CPython.PySys_GetObject(name);
            return implementation.IsNull ? default : CallWith(CPython.Py_TYPE(implementation), "get_debug"u8, CPython.Static("PyBool_Type"));
        }
    }

    private static NewReference New(BorrowedReference type, BorrowedReference loop) => loop.IsNull ? default : CallWith(type, "loop"u8, loop);

    /// <summary>Calls with one keyword argument.</summary>
    private static NewReference CallWith(BorrowedReference callable, ReadOnlySpan<byte> keyword, BorrowedReference value)
    {
        using NewReference name = Text(keyword), arguments = CPython.PyTuple_New(0), keywords = CPython.PyDict_New();
        return name.IsNull || arguments.IsNull || keywords.IsNull || CPython.PyDict_SetItem(keywords.Borrow(), name.Borrow(), value) < 0
            ? default
            : CPython.PyObject_Call(callable, arguments.Borrow(), keywords.Borrow());
    }

    /// <summary>Calls a method, with an argument or without one.</summary>
    private static bool Succeeds(NewReference o, ReadOnlySpan<byte> method, BorrowedReference argument)
    {
        using NewReference name = Text(method);
        nint* arguments = stackalloc nint[2] { o.Pointer, argument.Pointer };
        using NewReference returned = name.IsNull ? default : CPython.PyObject_VectorcallMethod(name.Borrow(), arguments, argument.IsNull ? 1u : 2u, default);
        return !returned.IsNull;
    }

    private static NewReference Attribute(BorrowedReference o, ReadOnlySpan<byte> attribute)
    {
        using NewReference name = Text(attribute);
        return name.IsNull ? default : CPython.PyObject_GetAttr(o, name.Borrow());
    }

    private static NewReference Text(ReadOnlySpan<byte> literal)
    {
        // SAFETY: literals are zero-terminated, and pinned for the call.
        fixed (byte* text = literal)
        {
            return CPython.PyUnicode_InternFromString(text);
        }
    }

    // SAFETY: a probed position, within the size of the class's objects; the caller holds the GIL and a reference.
    private static BorrowedReference Word(BorrowedReference o, int index) => new(((nint*)o.Pointer)[index]);
}
