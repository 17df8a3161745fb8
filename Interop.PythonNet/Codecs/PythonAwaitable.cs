using PyAsync.Interop;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Codecs;

/// <summary>Makes .NET objects for C# parameters of Python objects that can be awaited or iterated over asynchronously: one instance for each type.</summary>
internal abstract class PythonAwaitable
{
    /// <summary>Gets the name of the method that identifies such a Python object.</summary>
    public virtual string Marker => "__await__";

    /// <summary>Gets the instance for a parameter's type; null if it is neither a Task nor a stream.</summary>
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

    /// <summary>Gets the .NET object. Needs the GIL; never fails, because the awaiter gets any error.</summary>
    public abstract object Take(RegisteredCodecs codecs, PyObject o);

    /// <summary>Starts an awaitable and returns its Task: on the loop that runs on this thread, else on the runtime's own.</summary>
    private static async Task<T> Await<T>(RegisteredCodecs codecs, PyObject borrowed, PyConverter<T> converter)
    {
        using PyObject awaitable = borrowed.Clone();
        bool started = false;
        try
        {
            return await codecs.Runtime.IntoFuture(Start, converter).ConfigureAwait(false);
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
            return codecs.Objects.Start(awaitable);
        }
    }

    /// <summary>Closes a coroutine that no loop will run, so that Python does not warn of it.</summary>
    private static void Close(PyObject awaitable)
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject? close = awaitable.TryGetAttr("close");
        close?.Call().Dispose();
    }

    private sealed class ToTask : PythonAwaitable
    {
        public override object Take(RegisteredCodecs codecs, PyObject o) => Await(codecs, o, PyConvert.None);
    }

    private sealed class ToTask<T> : PythonAwaitable
    {
        public override object Take(RegisteredCodecs codecs, PyObject o) => Await(codecs, o, PythonNetConvert.For<T>());
    }

    private sealed class ToValueTask : PythonAwaitable
    {
        public override object Take(RegisteredCodecs codecs, PyObject o) => new ValueTask(Await(codecs, o, PyConvert.None));
    }

    private sealed class ToValueTask<T> : PythonAwaitable
    {
        public override object Take(RegisteredCodecs codecs, PyObject o) => new ValueTask<T>(Await(codecs, o, PythonNetConvert.For<T>()));
    }

    private sealed class ToStream<T> : PythonAwaitable
    {
        public override string Marker => "__aiter__";

        public override object Take(RegisteredCodecs codecs, PyObject o)
        {
            PyObject kept = o.Clone();

            // The loop that runs now: the reader may be on any thread.
            IRuntime runtime = DotNetObjects.IsLoopRunning ? codecs.Runtime.In(codecs.Runtime.CaptureContext()) : codecs.Runtime;
            return runtime.IntoAsyncEnumerable(kept.Clone, PythonNetConvert.For<T>());
        }
    }
}
