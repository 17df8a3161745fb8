using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Codecs;

/// <summary>Python awaitables and async iterables on their way to C# parameters of type Task, ValueTask and IAsyncEnumerable.</summary>
internal sealed class AwaitableDecoder(RegisteredCodecs codecs) : IPyObjectDecoder
{
    private static readonly ConcurrentDictionary<Type, PythonAwaitable?> s_byTarget = new();

    public bool CanDecode(PyType objectType, Type targetType) =>
        PythonAwaitable.For(targetType) is { } target && objectType.HasAttr(target.Marker);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "pythonnet calls this with Python on the stack above it and catches nothing: an exception would end the process.")]
    public bool TryDecode<T>(ForeignObject pyObj, out T? value)
    {
        try
        {
            using PyObject awaitable = codecs.Connection.ToPyAsync(pyObj);
            PythonAwaitable target = s_byTarget.GetOrAdd(typeof(T), PythonAwaitable.For)!;
            object? taken = null;
            if (DotNetObjects.IsLoopRunning)
            {
                codecs.Objects.AsCalledFromPython(() => taken = target.Take(codecs, awaitable));
            }
            else
            {
                taken = target.Take(codecs, awaitable);
            }

            value = (T)taken!;
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
