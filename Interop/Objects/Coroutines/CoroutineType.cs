using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// The Python type <c>pyasync.Coroutine</c> (see <see cref="CoroutineProxy"/>): to asyncio a coroutine (PEP 492), to whoever looks at
/// its code, its frame or its name, the coroutine behind it.
/// </summary>
internal static unsafe class CoroutineType
{
    public static NewReference Create() =>
        new HeapType(
                "pyasync.Coroutine",
                sizeof(CoroutineLayout),
                CPython.Py_TPFLAGS_HAVE_GC | CPython.Py_TPFLAGS_DISALLOW_INSTANTIATION)
            .Doc("A coroutine that .NET started and asyncio goes on with.")
            .Slot(CPython.Py_tp_dealloc, (delegate* unmanaged[Cdecl]<nint, void>)&Dealloc)
            .Slot(CPython.Py_tp_traverse, (delegate* unmanaged[Cdecl]<nint, nint, nint, int>)&Traverse)
            .Slot(CPython.Py_tp_clear, (delegate* unmanaged[Cdecl]<nint, int>)&Clear)
            .Slot(CPython.Py_tp_repr, (delegate* unmanaged[Cdecl]<nint, nint>)&Repr)
            .Slot(CPython.Py_tp_getattro, (delegate* unmanaged[Cdecl]<nint, nint, nint>)&GetAttribute)
            .Slot(CPython.Py_tp_iter, "PyObject_SelfIter")
            .Slot(CPython.Py_am_await, "PyObject_SelfIter")
            .Slot(CPython.Py_tp_iternext, (delegate* unmanaged[Cdecl]<nint, nint>)&IterNext)
            .Slot(CPython.Py_am_send, (delegate* unmanaged[Cdecl]<nint, nint, nint*, CPython.PySendResult>)&Send)
            .Method("send", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&SendMethod, CPython.METH_O, "Resume the coroutine.")
            .Method("throw", (delegate* unmanaged[Cdecl]<nint, nint*, nint, nint>)&Throw, CPython.METH_FASTCALL, "Raise an exception in the coroutine.")
            .Method("close", (delegate* unmanaged[Cdecl]<nint, nint, nint>)&Close, CPython.METH_NOARGS, "End the coroutine.")
            .Create();

    private static CoroutineLayout* Layout(nint self) => (CoroutineLayout*)self;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static CPython.PySendResult Send(nint self, nint value, nint* result)
    {
        try
        {
            return CoroutineProxy.Send(Layout(self), new BorrowedReference(value), result);
        }
#pragma warning disable CA1031 // No exception may cross into C: each becomes Python's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PythonErrors.Set(e);
            return CPython.PySendResult.PYGEN_ERROR;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint SendMethod(nint self, nint value)
    {
        try
        {
            nint result;
            return Returned(CoroutineProxy.Send(Layout(self), new BorrowedReference(value), &result), result);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PythonErrors.Set(e);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint IterNext(nint self)
    {
        try
        {
            nint result;
            return Returned(CoroutineProxy.Send(Layout(self), PythonInterpreter.Current.None, &result), result);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PythonErrors.Set(e);
            return 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Throw(nint self, nint* arguments, nint count)
    {
        try
        {
            // throw(exception), and the older throw(type, value, traceback).
            using NewReference exception = count == 0 ? default : Exception(arguments, count);
            if (exception.IsNull)
            {
                if (CPython.PyErr_Occurred().IsNull)
                {
                    PythonErrors.Set("TypeError", "throw() takes an exception");
                }

                return 0;
            }

            nint result;
            return Returned(CoroutineProxy.Throw(Layout(self), exception.Borrow(), &result), result);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PythonErrors.Set(e);
            return 0;
        }
    }

    private static NewReference Exception(nint* arguments, nint count)
    {
        var given = new BorrowedReference(arguments[0]);
        if (!CPython.PyType_HasFeature(CPython.Py_TYPE(given), CPython.Py_TPFLAGS_TYPE_SUBCLASS))
        {
            return NewReference.From(given);
        }

        var value = new BorrowedReference(count > 1 ? arguments[1] : 0);
        NewReference made = value.IsNull || value.IsNone ? given.Call() : NewReference.From(value);
        if (!made.IsNull && count > 2 && arguments[2] != PythonInterpreter.Current.None.Pointer)
        {
            _ = CPython.PyException_SetTraceback(made.Borrow(), new BorrowedReference(arguments[2]));
        }

        return made;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Close(nint self, nint unused)
    {
        CoroutineLayout* proxy = Layout(self);
        proxy->First.Clear();
        if (proxy->Coroutine.IsNull)
        {
            return NewReference.From(PythonInterpreter.Current.None).Take();
        }

        using NewReference coroutine = NewReference.From(proxy->Coroutine.Borrow());
        return coroutine.Borrow().CallMethod(PythonInterpreter.Current.Names.Close).Take();
    }

    /// <summary>What the proxy has not got (<c>cr_frame</c>, <c>__qualname__</c>, …) is the coroutine's.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetAttribute(nint self, nint name)
    {
        NewReference own = CPython.PyObject_GenericGetAttr(new BorrowedReference(self), new BorrowedReference(name));
        if (!own.IsNull || Layout(self)->Coroutine.IsNull)
        {
            return own.Take();
        }

        CPython.PyErr_Clear();
        return CPython.PyObject_GetAttr(Layout(self)->Coroutine.Borrow(), new BorrowedReference(name)).Take();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Repr(nint self) =>
        Layout(self)->Coroutine.IsNull
            ? PyText.FromString("<pyasync.Coroutine without code>").Take()
            : CPython.PyObject_Repr(Layout(self)->Coroutine.Borrow()).Take();

    /// <summary>How a step's outcome is told by a method: a return is a StopIteration.</summary>
    private static nint Returned(CPython.PySendResult outcome, nint result)
    {
        if (outcome != CPython.PySendResult.PYGEN_RETURN)
        {
            return result;
        }

        StopIteration.Set(new NewReference(result));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Traverse(nint self, nint visit, nint argument)
    {
        var visitor = new GarbageVisitor(visit, argument);
        CoroutineLayout* proxy = Layout(self);
        int stop = visitor.Visit(proxy->Coroutine);
        stop = stop != 0 ? stop : visitor.Visit(proxy->First);
        stop = stop != 0 ? stop : visitor.Visit(proxy->Error);
        stop = stop != 0 ? stop : visitor.Visit(proxy->Deferred);
        return stop != 0 ? stop : visitor.VisitType(self);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Clear(nint self)
    {
        ClearFields(Layout(self));
        return 0;
    }

    private static void ClearFields(CoroutineLayout* proxy)
    {
        proxy->Coroutine.Clear();
        proxy->First.Clear();
        proxy->Error.Clear();
        proxy->Deferred.Clear();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Dealloc(nint self)
    {
        CPython.PyObject_GC_UnTrack(self);
        ClearFields(Layout(self));
        Layout(self)->Owner.Clear();
        HeapType.Free(self);
    }
}
