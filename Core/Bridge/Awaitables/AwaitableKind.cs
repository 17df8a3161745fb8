using PyAsync.Interop;

namespace PyAsync;

/// <summary>What kind of awaitable an object is, as asyncio tells them apart.</summary>
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
        PythonInterpreter interpreter = PythonInterpreter.Current;
        if (o.IsInstanceOfExactly(interpreter.Objects.CoroutineType))
        {
            return Kind.Coroutine;
        }

        // What plain functions mostly return: looking for attributes that are not there would be most of what the call costs.
        if (interpreter.Objects.IsPlainValue(o))
        {
            return Kind.None;
        }

        // asyncio.isfuture: the attribute is there, on the object's type too, and is not None.
        using NewReference blocking = o.GetAttr(interpreter.Names.AsyncioFutureBlocking);
        if (blocking.IsNull)
        {
            PythonErrors.Forget();
        }
        else if (!blocking.Borrow().IsNone && HasAttribute(CPython.Py_TYPE(o), interpreter.Names.AsyncioFutureBlocking))
        {
            return Kind.Future;
        }

        // Coroutines that are not CPython's own, such as Cython's.
        using NewReference isCoroutine = AsyncioObjects.Current.IsCoroutine.Call(o).OrThrow();
        if (isCoroutine.Borrow() == interpreter.Objects.True)
        {
            return Kind.Coroutine;
        }

        // What has __await__, and since 3.12 generators that are marked as coroutines too.
        using NewReference isAwaitable = AsyncioObjects.Current.IsAwaitable.Call(o).OrThrow();
        return isAwaitable.Borrow() == interpreter.Objects.True ? Kind.Awaitable : Kind.None;
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
