using PyAsync.Interop;

namespace PyAsync.PythonToTask;

/// <summary>Classifies awaitables, as asyncio does.</summary>
internal static class AwaitableKind
{
    internal enum Kind
    {
        None,
        Coroutine,
        Future,
        Awaitable,
    }

    public static Kind Of(BorrowedReference o)
    {
        if (o.IsInstanceOfExactly(WellKnownObjects.Current.CoroutineType))
        {
            return Kind.Coroutine;
        }

        // A fast path for the usual results of plain functions: looking up missing attributes would be most of the cost of the call.
        if (WellKnownObjects.Current.IsPlainValue(o))
        {
            return Kind.None;
        }

        // asyncio.isfuture: the attribute exists, on the object's type too, and is not None.
        using NewReference blocking = o.GetAttr(WellKnownNames.Current.AsyncioFutureBlocking);
        if (blocking.IsNull)
        {
            PythonErrors.Forget();
        }
        else if (!blocking.Borrow().IsNone && HasAttribute(CPython.Py_TYPE(o), WellKnownNames.Current.AsyncioFutureBlocking))
        {
            return Kind.Future;
        }

        // Coroutines of other types than CPython's, such as Cython's.
        using NewReference isCoroutine = AsyncioObjects.Current.IsCoroutine.Call(o).OrThrow();
        if (isCoroutine.Borrow() == InterpreterState.Current.True)
        {
            return Kind.Coroutine;
        }

        // Objects with __await__, and since 3.12 generators that are marked as coroutines too.
        using NewReference isAwaitable = AsyncioObjects.Current.IsAwaitable.Call(o).OrThrow();
        return isAwaitable.Borrow() == InterpreterState.Current.True ? Kind.Awaitable : Kind.None;
    }

    private static bool HasAttribute(BorrowedReference o, PyName name)
    {
        using NewReference value = o.GetAttr(name);
        if (value.IsNull)
        {
            PythonErrors.Forget();
            return false;
        }

        return true;
    }
}
