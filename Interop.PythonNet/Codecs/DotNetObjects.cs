using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Codecs;

/// <summary>The Python side of .NET objects that are awaited or iterated over: the classes of <c>dotnet_objects.py</c>. Needs the GIL.</summary>
internal sealed class DotNetObjects : IDisposable
{
    private readonly RegisteredCodecs _codecs;
    private readonly PyObject _module;
    private readonly PyObject _awaitable;
    private readonly PyObject _asyncIterable;
    private readonly PyObject _start;
    private readonly PyObject _enter;

    public DotNetObjects(RegisteredCodecs codecs)
    {
        _codecs = codecs;
        _module = PyObject.ImportSource(PySource.Embedded(typeof(DotNetObjects).Assembly, "dotnet_objects.py"), "pyasync_dotnet_objects");
        using PyObject bind = PyFunction.Create("bind", arguments => Bind(arguments[0]));
        using PyObject show = PyFunction.Create("show", arguments => Show(arguments[0]));
        _module.SetAttr("bind", bind);
        _module.SetAttr("show", show);
        _enter = PyFunction.Create("enter", arguments => Enter(arguments[0]));
        _awaitable = _module.GetAttr("Awaitable");
        _asyncIterable = _module.GetAttr("AsyncIterable");
        _start = _module.GetAttr("start");
    }

    /// <summary>True if a loop runs on this thread.</summary>
    public static bool IsLoopRunning
    {
        get
        {
            using NewReference loop = WellKnownObjects.Current.Import("asyncio", "_get_running_loop").Call().OrThrow();
            return !loop.Borrow().IsNone;
        }
    }

    /// <summary>Makes a future of a Task on the loop that runs here; without a loop, and always for a stream, an object that is bound later.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "It is raised where the object is awaited.")]
    public PyObject Encode(DotNetAwaitable awaitable, object value)
    {
        if (!awaitable.IsIterable && IsLoopRunning)
        {
            try
            {
                PyObject? bound = null;
                AsCalledFromPython(() => bound = awaitable.Bind(_codecs.Runtime, value));
                return bound!;
            }
            catch (Exception)
            {
                // The runtime has ended, for example.
            }
        }

        using NewReference holder = ManagedObject.Wrap(value);
        return (awaitable.IsIterable ? _asyncIterable : _awaitable).Reference.Call(holder.Borrow()).ToPyObject();
    }

    /// <summary>
    /// Runs code as a call from Python: pythonnet makes the call without an entry of the bridge. So the code belongs to the loop that runs on this
    /// thread, and not to a loop that the ambient context has recorded, nor to the runtime's own.
    /// </summary>
    public void AsCalledFromPython(Action code)
    {
        using NewReference holder = ManagedObject.Wrap(code);
        _enter.Reference.Call(holder.Borrow()).OrThrow().Dispose();
    }

    /// <summary>Gets the .NET object of such a Python object.</summary>
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

    /// <summary>True if a type is one of these classes.</summary>
    public bool IsClass(PyObject type) => type.Is(_awaitable) || type.Is(_asyncIterable);

    /// <summary>Gets the future of an awaitable, the same each time: several overloads of a method may request it. On the loop's thread.</summary>
    public PyObject Start(PyObject awaitable) => _start.Call([awaitable]);

    public void Dispose()
    {
        _awaitable.Dispose();
        _asyncIterable.Dispose();
        _start.Dispose();
        _enter.Dispose();
        _module.Dispose();
    }

    private static object Held(PyObject holder) =>
        ManagedObject.TryUnwrap(holder.Reference, out object? value) ? value : throw new PythonTypeErrorException("not a .NET object");

    private PyObject Enter(PyObject holder)
    {
        using (holder)
        {
            // As functions of the runtime do.
            (_codecs.Runtime as Runtime)?.Choice.RecordEntry(EntryFromPython.CurrentFlow);
            ((Action)Held(holder))();
            return PyObject.None;
        }
    }

    private PyObject Bind(PyObject holder)
    {
        using (holder)
        {
            object value = Held(holder);
            return DotNetAwaitable.For(value)!.Bind(_codecs.Runtime, value);
        }
    }

    /// <summary>Gets the object as pythonnet represents it.</summary>
    private PyObject Show(PyObject holder)
    {
        using (holder)
        {
            using ForeignObject shown = ForeignObject.FromManagedObject(Held(holder));
            return _codecs.Connection.ToPyAsync(shown);
        }
    }
}
