namespace PyAsync.Exceptions;

/// <summary>
/// Clears the local variables of the frames in a traceback, which a .NET exception would keep alive until .NET's garbage collector runs. The collector
/// does not know of that memory, so it may run late or never. Needs the GIL.
/// </summary>
internal static class FrameLocals
{
    /// <summary>The maximum number of causes, contexts and group members whose frames are cleared.</summary>
    private const int MaxExceptions = 10_000;

    /// <summary>True if frames in tracebacks that reach .NET keep their local variables.</summary>
    public static bool AreKept { get; set; }

    /// <summary>
    /// Clears the locals of each finished frame in the tracebacks of an exception, its causes, its contexts and the members of its group, as
    /// <c>traceback.clear_frames</c> does for one traceback. Running and suspended frames keep their locals. The tracebacks themselves stay.
    /// </summary>
    public static void Clear(BorrowedReference error)
    {
        if (AreKept)
        {
            return;
        }

        // Owned references: clearing runs destructors, which may change any of these objects.
        List<nint> exceptions = [];
        List<nint> frames = [];
        try
        {
            Collect(error, exceptions);
            foreach (nint exception in exceptions)
            {
                CollectFrames(new BorrowedReference(exception), frames);
            }

            foreach (nint frame in frames)
            {
                ClearFinished(new BorrowedReference(frame));
            }
        }
        finally
        {
            Release(frames);
            Release(exceptions);
        }
    }

    private static void Collect(BorrowedReference error, List<nint> exceptions)
    {
        exceptions.Add(NewReference.From(error).Take());
        HashSet<nint>? seen = null;
        for (int i = 0; i < exceptions.Count; i++)
        {
            var current = new BorrowedReference(exceptions[i]);
            Add(CPython.PyException_GetCause(current));
            Add(CPython.PyException_GetContext(current));
            using NewReference members = ExceptionFacts.Members(current);
            nint size = members.IsNull ? 0 : CPython.PyTuple_Size(members.Borrow());
            for (nint m = 0; m < size && exceptions.Count < MaxExceptions; m++)
            {
                Add(NewReference.From(CPython.PyTuple_GetItem(members.Borrow(), m)));
            }
        }

        void Add(NewReference related)
        {
            if (!related.IsNull && exceptions.Count < MaxExceptions && (seen ??= [exceptions[0]]).Add(related.Pointer))
            {
                exceptions.Add(related.Take());
            }

            related.Dispose();
        }
    }

    private static void CollectFrames(BorrowedReference error, List<nint> frames)
    {
        WellKnownNames names = WellKnownNames.Current;
        NewReference entry = CPython.PyException_GetTraceback(error);
        while (!entry.IsNull && !entry.Borrow().IsNone)
        {
            NewReference frame = entry.Borrow().GetAttr(names.TracebackFrame);
            if (!frame.IsNull)
            {
                frames.Add(frame.Take());
            }

            NewReference next = entry.Borrow().GetAttr(names.TracebackNext);
            entry.Dispose();
            entry = next;
        }

        entry.Dispose();
    }

    private static void ClearFinished(BorrowedReference frame)
    {
        // frame.clear() closes a suspended generator before Python 3.13. A frame leaves its generator when the generator finishes. Without a generator,
        // the function returns NULL, and from Python 3.14 on None.
        using NewReference unfinished = CPython.PyFrame_GetGenerator(frame);
        if (!unfinished.IsNull && !unfinished.Borrow().IsNone)
        {
            return;
        }

        using NewReference result = frame.CallMethod(WellKnownNames.Current.Clear);
        if (result.IsNull)
        {
            PythonErrors.Forget(); // RuntimeError: the frame is running.
        }
    }

    private static void Release(List<nint> references)
    {
        foreach (nint reference in references)
        {
            new NewReference(reference).Dispose();
        }
    }
}
