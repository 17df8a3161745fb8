using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>Python awaitables and async iterables on their way to C# parameters of type Task, ValueTask and IAsyncEnumerable.</summary>
internal sealed class AwaitableDecoder(Connection connection) : IPyObjectDecoder
{
    private static readonly ConcurrentDictionary<Type, PythonAwaitable?> s_byTarget = new();

    public bool CanDecode(PyType objectType, Type targetType) =>
        PythonAwaitable.For(targetType) is { } target && objectType.HasAttr(target.Marker);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "pythonnet calls this with Python on the stack above it and catches nothing: what is thrown here ends the process.")]
    public bool TryDecode<T>(ForeignObject pyObj, out T? value)
    {
        try
        {
            using PyObject awaitable = connection.ToPyAsync(pyObj);
            value = (T)s_byTarget.GetOrAdd(typeof(T), PythonAwaitable.For)!.Take(connection, awaitable);
        }
        catch (Exception)
        {
            value = default;
            return false;
        }

        pyObj.Dispose();
        return true;
    }
}
