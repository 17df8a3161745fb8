using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>
/// The task factory of a loop. asyncio's own loops keep it in <c>_task_factory</c>, which their <c>create_task</c> reads. Reading it costs half of a call of their
/// <c>get_task_factory</c>, which is Python code. Other loops, and loops that override that method before their first call, are called. On the loop's thread, with the GIL held.
/// </summary>
internal sealed class LoopTaskFactory(PythonEventLoop loop)
{
    private bool? _isReadable;

    /// <summary>True if the loop has no factory, so that <c>asyncio.Task</c> makes its tasks. False if the loop has one, or makes its tasks itself.</summary>
    public bool IsNone()
    {
        NewReference factory = (_isReadable ??= CPythonLayouts.AreAllowed && HasMethodOfAsyncio())
            ? loop.Reference.GetAttr(WellKnownNames.Current.TaskFactory)
            : loop.Reference.CallMethod(WellKnownNames.Current.GetTaskFactory);
        if (factory.IsNull)
        {
            PythonErrors.Forget(); // The loop has no get_task_factory.
            return false;
        }

        bool isNone = factory.Borrow().IsNone;
        factory.Dispose();
        return isNone;
    }

    /// <summary>True if the loop's <c>get_task_factory</c> is asyncio's.</summary>
    private bool HasMethodOfAsyncio()
    {
        WellKnownNames names = WellKnownNames.Current;
        using NewReference method = loop.Reference.GetAttr(names.GetTaskFactory);
        using NewReference module = CPython.PyImport_GetModule(names.BaseEvents.Reference);
        using NewReference type = module.IsNull ? default : module.Borrow().GetAttr(names.BaseEventLoop);
        using NewReference own = type.IsNull ? default : type.Borrow().GetAttr(names.GetTaskFactory);
        bool isOwn = !method.IsNull && !own.IsNull
            && CPython.Py_TYPE(method.Borrow()) == CPython.Static("PyMethod_Type")
            && CPython.PyMethod_Function(method.Borrow()) == own.Borrow();
        PythonErrors.Forget();
        return isOwn;
    }
}
