using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>The Python side of .NET objects that are awaited or iterated over: the classes of <c>dotnet_objects.py</c>. Needs the GIL.</summary>
internal sealed class DotNetObjects : IDisposable
{
    private readonly Connection _connection;
    private readonly PyObject _module;
    private readonly PyObject _awaitable;
    private readonly PyObject _asyncIterable;
    private readonly PyObject _start;

    public DotNetObjects(Connection connection)
    {
        _connection = connection;
        _module = PyObject.ImportSource(PySource.Embedded(typeof(DotNetObjects).Assembly, "dotnet_objects.py"), "pyasync_dotnet_objects");
        using PyObject bind = PyFunction.Create("bind", arguments => Bind(arguments[0]));
        using PyObject show = PyFunction.Create("show", arguments => Show(arguments[0]));
        _module.SetAttr("bind", bind);
        _module.SetAttr("show", show);
        _awaitable = _module.GetAttr("Awaitable");
        _asyncIterable = _module.GetAttr("AsyncIterable");
        _start = _module.GetAttr("start");
    }

    /// <summary>Whether a loop runs on this thread.</summary>
    public static bool IsLoopRunning
    {
        get
        {
            using NewReference loop = PythonInterpreter.Current.Objects.Import("asyncio", "_get_running_loop").Call().OrThrow();
            return !loop.Borrow().IsNone;
        }
    }

    /// <summary>A Task as a future of the loop that runs here; without one, and a stream always, as an object that binds itself later.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is raised where the object is awaited.")]
    public PyObject Encode(DotNetAwaitable awaitable, object value)
    {
        if (!awaitable.IsIterable && IsLoopRunning)
        {
            try
            {
                return awaitable.Bind(_connection.Runtime, value);
            }
            catch (Exception)
            {
                // The runtime has ended, say.
            }
        }

        using NewReference holder = ManagedObject.Wrap(value);
        return (awaitable.IsIterable ? _asyncIterable : _awaitable).Reference.Call(holder.Borrow()).ToPyObject();
    }

    /// <summary>The .NET object that was made such an object.</summary>
    public bool TryUnwrap(PyObject o, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (!o.IsInstance(_awaitable) && !o.IsInstance(_asyncIterable))
        {
            return false;
        }

        using PyObject holder = o.GetAttr("_holder");
        return ManagedObject.TryUnwrap(holder.Reference, out value);
    }

    /// <summary>Whether a type is one of these classes.</summary>
    public bool IsClass(PyObject type) => type.Is(_awaitable) || type.Is(_asyncIterable);

    /// <summary>The future of an awaitable, the same each time: several overloads of a method may ask for it. On the loop's thread.</summary>
    public PyObject Start(PyObject awaitable) => _start.Call([awaitable]);

    public void Dispose()
    {
        _awaitable.Dispose();
        _asyncIterable.Dispose();
        _start.Dispose();
        _module.Dispose();
    }

    private static object Held(PyObject holder) =>
        ManagedObject.TryUnwrap(holder.Reference, out object? value) ? value : throw new PythonTypeErrorException("not an object of .NET's");

    private PyObject Bind(PyObject holder)
    {
        using (holder)
        {
            object value = Held(holder);
            return DotNetAwaitable.For(value)!.Bind(_connection.Runtime, value);
        }
    }

    /// <summary>The object as pythonnet shows it.</summary>
    private PyObject Show(PyObject holder)
    {
        using (holder)
        {
            using ForeignObject shown = ForeignObject.FromManagedObject(Held(holder));
            return _connection.ToPyAsync(shown);
        }
    }
}
