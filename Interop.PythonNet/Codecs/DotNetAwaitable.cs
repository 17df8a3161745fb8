using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PyAsync.Interop;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>What Python gets of a .NET object that can be awaited or iterated over asynchronously: one of these for each type.</summary>
internal abstract class DotNetAwaitable
{
    private static readonly ConcurrentDictionary<Type, DotNetAwaitable?> s_byType = new();

    /// <summary>Whether it is iterated over, rather than awaited.</summary>
    public virtual bool IsIterable => false;

    /// <summary>Whether values of a type are awaited.</summary>
    public static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || IsOf(type, typeof(ValueTask<>));

    /// <summary>
    /// Whether values of a type are iterated over: the interface itself, and what the compiler makes of an iterator. A class that has more to
    /// it, such as a table of a database, stays what it is to Python.
    /// </summary>
    public static bool IsStream(Type type) =>
        IsOf(type, typeof(IAsyncEnumerable<>)) || (type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && StreamInterface(type) is not null);

    /// <summary>What to make of a value; null if it is neither a Task nor a stream.</summary>
    public static DotNetAwaitable? For(object value) => s_byType.GetOrAdd(value.GetType(), Create);

    /// <summary>The Python awaitable or async iterator, bound to the loop that runs on this thread. Belongs to the caller.</summary>
    /// <exception cref="NoRunningLoopException">None runs.</exception>
    public abstract PyObject Bind(IRuntime runtime, object value);

    /// <summary>Whether a type is what a generic one is closed to.</summary>
    internal static bool IsOf(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    /// <summary>Makes the generic class of a type by reflection.</summary>
    internal static T Make<T>(Type generic, Type argument) => (T)Activator.CreateInstance(generic.MakeGenericType(argument))!;

    private static DotNetAwaitable? Create(Type type)
    {
        if (typeof(Task).IsAssignableFrom(type))
        {
            return ResultOf(type) is { } result ? Make<DotNetAwaitable>(typeof(TaskWithResult<>), result) : new TaskWithoutResult();
        }

        if (type == typeof(ValueTask))
        {
            return new ValueTaskWithoutResult();
        }

        return IsOf(type, typeof(ValueTask<>)) ? Make<DotNetAwaitable>(typeof(ValueTaskWithResult<>), type.GetGenericArguments()[0])
            : StreamInterface(type) is { } stream ? Make<DotNetAwaitable>(typeof(Stream<>), stream.GetGenericArguments()[0])
            : null;
    }

    /// <summary>The type of a Task's result; null for none, which the runtime's own classes write as a result of a private type.</summary>
    private static Type? ResultOf(Type task)
    {
        for (Type? type = task; type is not null; type = type.BaseType)
        {
            if (IsOf(type, typeof(Task<>)))
            {
                Type result = type.GetGenericArguments()[0];
                return result.IsVisible || result.Assembly != typeof(Task).Assembly ? result : null;
            }
        }

        return null;
    }

    private static Type? StreamInterface(Type type) =>
        IsOf(type, typeof(IAsyncEnumerable<>)) ? type : type.GetInterfaces().FirstOrDefault(static candidate => IsOf(candidate, typeof(IAsyncEnumerable<>)));

    private sealed class TaskWithoutResult : DotNetAwaitable
    {
        public override PyObject Bind(IRuntime runtime, object value) => runtime.FutureIntoPy(DotNetFailure.Mark((Task)value));
    }

    private sealed class TaskWithResult<T> : DotNetAwaitable
    {
        public override PyObject Bind(IRuntime runtime, object value) =>
            runtime.FutureIntoPy(DotNetFailure.Mark((Task<T>)value), PythonNetConvert.For<T>());
    }

    private sealed class ValueTaskWithoutResult : DotNetAwaitable
    {
        public override PyObject Bind(IRuntime runtime, object value) => runtime.FutureIntoPy(DotNetFailure.Mark(((ValueTask)value).AsTask()));
    }

    private sealed class ValueTaskWithResult<T> : DotNetAwaitable
    {
        public override PyObject Bind(IRuntime runtime, object value) =>
            runtime.FutureIntoPy(DotNetFailure.Mark(((ValueTask<T>)value).AsTask()), PythonNetConvert.For<T>());
    }

    private sealed class Stream<T> : DotNetAwaitable
    {
        public override bool IsIterable => true;

        public override PyObject Bind(IRuntime runtime, object value) =>
            runtime.AsyncEnumerableIntoPy(null, DotNetFailure.Mark((IAsyncEnumerable<T>)value), PythonNetConvert.For<T>());
    }
}
