using PyAsync.Interop;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>What a C# parameter gets of a Python object that can be awaited or iterated over asynchronously: one of these for each type.</summary>
internal abstract class PythonAwaitable
{
    /// <summary>The method that makes a Python object one.</summary>
    public virtual string Marker => "__await__";

    /// <summary>For a parameter's type; null if it is neither a Task nor a stream.</summary>
    public static PythonAwaitable? For(Type target)
    {
        if (target == typeof(Task))
        {
            return new ToTask();
        }

        if (target == typeof(ValueTask))
        {
            return new ToValueTask();
        }

        Type? generic = DotNetAwaitable.IsOf(target, typeof(Task<>)) ? typeof(ToTask<>)
            : DotNetAwaitable.IsOf(target, typeof(ValueTask<>)) ? typeof(ToValueTask<>)
            : DotNetAwaitable.IsOf(target, typeof(IAsyncEnumerable<>)) ? typeof(ToStream<>)
            : null;
        return generic is null ? null : DotNetAwaitable.Make<PythonAwaitable>(generic, target.GetGenericArguments()[0]);
    }

    /// <summary>The .NET object. With the GIL held; never fails, since what is wrong is the awaiter's to see.</summary>
    public abstract object Take(Connection connection, PyObject o);

    /// <summary>The Task of an awaitable, which is begun: on the loop that runs here, else on the runtime's own.</summary>
    private static async Task<T> Await<T>(Connection connection, PyObject borrowed, PyConverter<T> converter)
    {
        using PyObject awaitable = borrowed.Clone();
        bool started = false;
        try
        {
            return await connection.Runtime.IntoFuture(null, Start, converter).ConfigureAwait(false);
        }
        finally
        {
            if (!started)
            {
                Close(awaitable);
            }
        }

        PyObject Start()
        {
            started = true;
            return connection.Objects.Start(awaitable);
        }
    }

    /// <summary>A coroutine that no loop will run is closed, so that Python does not warn of it.</summary>
    private static void Close(PyObject awaitable)
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject? close = awaitable.TryGetAttr("close");
        close?.Call().Dispose();
    }

    private sealed class ToTask : PythonAwaitable
    {
        public override object Take(Connection connection, PyObject o) => Await(connection, o, PyConvert.None);
    }

    private sealed class ToTask<T> : PythonAwaitable
    {
        public override object Take(Connection connection, PyObject o) => Await(connection, o, PythonNetConvert.For<T>());
    }

    private sealed class ToValueTask : PythonAwaitable
    {
        public override object Take(Connection connection, PyObject o) => new ValueTask(Await(connection, o, PyConvert.None));
    }

    private sealed class ToValueTask<T> : PythonAwaitable
    {
        public override object Take(Connection connection, PyObject o) => new ValueTask<T>(Await(connection, o, PythonNetConvert.For<T>()));
    }

    private sealed class ToStream<T> : PythonAwaitable
    {
        public override string Marker => "__aiter__";

        public override object Take(Connection connection, PyObject o)
        {
            PyObject kept = o.Clone();

            // The loop of now: the reader may be anywhere.
            EventLoopContext? context = DotNetObjects.IsLoopRunning ? connection.Runtime.CaptureContext() : null;
            return connection.Runtime.IntoAsyncEnumerable(context, kept.Clone, PythonNetConvert.For<T>());
        }
    }
}
