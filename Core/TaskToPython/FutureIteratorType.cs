using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>
/// The Python type <c>pyasync.FutureIterator</c>, which <c>iter(future)</c> and <c>future.__await__()</c> return. It has <c>send</c>, <c>throw</c> and
/// <c>close</c> (PEP 492), as the iterator of an <c>asyncio.Future</c> has.
/// </summary>
internal static unsafe class FutureIteratorType
{
    [StructLayout(LayoutKind.Sequential)]
    private struct Layout
    {
        internal CPython.PyObjectHead Head;

        // Empty once the await has ended.
        internal OwnedReference Future;
    }

    /// <summary>Gets the type, created at first use.</summary>
    public static BorrowedReference Type => InterpreterState.Current.Attachment<Registration>().Type;

    private static NewReference Create() =>
        new HeapType("pyasync.FutureIterator", sizeof(Layout), CPython.Py_TPFLAGS_HAVE_GC | CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("Awaits a pyasync.Future.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_traverse, (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&Traverse)
            .Slot(CPython.Py_tp_clear, (delegate* unmanaged[Cdecl]<nint, int>)&Clear)
            .Slot(CPython.Py_tp_iter, "PyObject_SelfIter")
            .Slot(CPython.Py_tp_iternext, (delegate* unmanaged[Cdecl]<nint, nint>)&IterNext)
            .Slot(CPython.Py_am_send, (delegate* unmanaged[Cdecl]<nint, nint, nint*, CPython.PySendResult>)&Send)
            .Method("send", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&SendMethod, CPython.METH_O, "Resume the await.")
            .Method("throw", (delegate* unmanaged[Cdecl]<nint, nint*, nint, nint>)&Throw, CPython.METH_FASTCALL, "End the await with an exception.")
            .Method("close", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Close, CPython.METH_NOARGS, "End the await.")
            .Property("cr_frame", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetFrame, "The frame of the C# method for asyncio.print_call_graph().")
            .Property("cr_await", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetAwaited, "None.")
            .Create();

    /// <summary>Creates an iterator of a <c>pyasync.Future</c>; NULL with the error set if there is no memory.</summary>
    public static NewReference New(BorrowedReference future)
    {
        NewReference created = CPython.PyType_GenericAlloc(FutureIteratorType.Type, 0);
        if (!created.IsNull)
        {
            // SAFETY: just allocated with the size of Layout, and no other code has it yet.
            ((Layout*)created.Pointer)->Future.Set(NewReference.From(future));
        }

        return created;
    }

    private static CPython.PySendResult Step(nint self, nint* result)
    {
        var iterator = (Layout*)self;
        *result = 0;
        if (iterator->Future.IsNull)
        {
            // As in asyncio: an await that has ended returns None.
            *result = NewReference.From(InterpreterState.Current.None).Take();
            return CPython.PySendResult.PYGEN_RETURN;
        }

        CPython.PySendResult outcome = FutureType.Step(iterator->Future.Pointer, result);
        if (outcome != CPython.PySendResult.PYGEN_NEXT && FutureType.Layout(iterator->Future.Pointer)->IsDone)
        {
            FutureType.Layout(iterator->Future.Pointer)->IsMissed = 0;
            iterator->Future.Clear();
        }

        return outcome;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static CPython.PySendResult Send(nint self, nint value, nint* result) => Step(self, result);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint IterNext(nint self) => Next(self);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint SendMethod(nint self, nint value) => Next(self);

    private static nint Next(nint self)
    {
        nint result;
        if (Step(self, &result) == CPython.PySendResult.PYGEN_RETURN)
        {
            StopIteration.Set(new NewReference(result));
            return 0;
        }

        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Throw(nint self, nint* arguments, nint count)
    {
        try
        {
            NewReference exception = ThrownException.From(new ReadOnlySpan<nint>(arguments, (int)count));
            if (!exception.IsNull)
            {
                End((Layout*)self, exception.Borrow());
                CPython.PyErr_SetRaisedException(exception);
            }
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Close(nint self, nint unused)
    {
        End((Layout*)self, default);
        return NewReference.From(InterpreterState.Current.None).Take();
    }

    /// <summary>Ends the await before it has returned the outcome.</summary>
    /// <param name="iterator">The iterator.</param>
    /// <param name="exception">The exception that was thrown into it: a task throws the future's own failure, which is an outcome.</param>
    private static void End(Layout* iterator, BorrowedReference exception)
    {
        if (!iterator->Future.IsNull)
        {
            FutureLayout* future = FutureType.Layout(iterator->Future.Pointer);
            bool isOutcome = !future->Exception.IsNull && future->Exception.Borrow() == exception;
            future->IsMissed = future->State == FutureState.Finished && !isOutcome ? (byte)1 : (byte)0;
            iterator->Future.Clear();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetFrame(nint self, nint closure)
    {
        try
        {
            OwnedReference future = ((Layout*)self)->Future;
            return (future.IsNull ? NewReference.From(InterpreterState.Current.None) : CallGraph.FrameOf(FutureType.Layout(future.Pointer))).Take();
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorTranslation.Set(e);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetAwaited(nint self, nint closure) => NewReference.From(InterpreterState.Current.None).Take();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Traverse(nint self, nint visit, nint argument)
    {
        var visitor = new GarbageVisitor(visit, argument);
        return visitor.Visit(((Layout*)self)->Future) is not 0 and var stop ? stop : visitor.VisitType(self);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Clear(nint self)
    {
        ((Layout*)self)->Future.Clear();
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        CPython.PyObject_GC_UnTrack(self);
        ((Layout*)self)->Future.Clear();
        HeapType.Free(self);
    }

    private sealed class Registration() : TypeRegistration(Create());
}
