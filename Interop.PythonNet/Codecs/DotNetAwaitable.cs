using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using PyAsync.Interop;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Codecs;

/// <summary>Makes Python objects of .NET objects that can be awaited or iterated over asynchronously: one instance for each type.</summary>
internal abstract class DotNetAwaitable
{
    private static readonly ConcurrentDictionary<Type, DotNetAwaitable?> s_byType = new();

    /// <summary>True if objects are iterated over, rather than awaited.</summary>
    public virtual bool IsIterable => false;

    /// <summary>True if values of a type are awaited.</summary>
    public static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || IsOf(type, typeof(ValueTask<>));

    /// <summary>
    /// True if values of a type are iterated over: the interface itself, and the classes that the compiler generates for iterators. A class with other
    /// members, such as a table of a database, stays an ordinary object for Python.
    /// </summary>
    public static bool IsStream(Type type) =>
        IsOf(type, typeof(IAsyncEnumerable<>)) || (type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && StreamInterface(type) is not null);

    /// <summary>Gets the instance for a value; null if it is neither a Task nor a stream.</summary>
    public static DotNetAwaitable? For(object value) => s_byType.GetOrAdd(value.GetType(), Create);

    /// <summary>Makes the Python awaitable or async iterator, bound to the loop that runs on this thread. It belongs to the caller.</summary>
    /// <exception cref="NoRunningLoopException">No loop runs.</exception>
    public abstract PyObject Bind(IRuntime runtime, object value);

    /// <summary>True if a type is constructed from a generic type.</summary>
    internal static bool IsOf(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    /// <summary>Creates the generic class of a type by reflection.</summary>
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

    /// <summary>Gets the type of a Task's result; null for none, for which the framework's own classes have a result of a private type.</summary>
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
            runtime.AsyncEnumerableIntoPy(DotNetFailure.Mark((IAsyncEnumerable<T>)value), PythonNetConvert.For<T>());
    }
}
