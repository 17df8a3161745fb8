using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>Fills a new class.</summary>
/// <typeparam name="T">The C# class.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ClassBuilder<T>
    where T : class
{
    private const string NoArguments = "($self, /)";
    private const string ExitArguments = "($self, exc_type=None, exc_value=None, traceback=None, /)";

    private readonly ModuleBuilder _module;
    private readonly string _name;
    private readonly PyObject _type;

    internal ClassBuilder(ModuleBuilder module, string name, PyObject type)
    {
        _module = module;
        _name = name;
        _type = type;
    }

    /// <summary>Adds a method, or <c>__init__</c>. Its first parameter is the object.</summary>
    /// <inheritdoc cref="ModuleBuilder.Function"/>
    public ClassBuilder<T> Method(
        string name, ModuleFunctionCode code, CallSignature signature, string textSignature, string? doc = null, bool isAsync = false, bool isStream = false)
    {
        using PyObject function = _module.Create($"{_name}.{name}", code, signature, textSignature, doc, isAsync, isStream);
        _type.SetAttr(name, function);
        return this;
    }

    /// <summary>Adds a static method.</summary>
    /// <inheritdoc cref="ModuleBuilder.Function"/>
    public ClassBuilder<T> StaticMethod(
        string name, ModuleFunctionCode code, CallSignature signature, string textSignature, string? doc = null, bool isAsync = false, bool isStream = false)
    {
        using PyObject function = _module.Create($"{_name}.{name}", code, signature, textSignature, doc, isAsync, isStream);
        using PyObject staticMethod = Builtin("staticmethod", [function]);
        _type.SetAttr(name, staticMethod);
        return this;
    }

    /// <summary>Adds a property.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="get">Reads it.</param>
    /// <param name="set">Writes it; null for a read-only property.</param>
    /// <param name="type">Its Python type.</param>
    /// <param name="doc">Its docstring.</param>
    public ClassBuilder<T> Property(string name, ModuleFunctionCode get, ModuleFunctionCode? set, string type, string? doc = null)
    {
        string qualified = $"{_name}.{name}";
        var self = new CallParameter("self", _name);
        using PyObject getter = _module.Create(qualified, get, new CallSignature(qualified, [self], required: 1), NoArguments, doc);
        using PyObject? setter = set is null
            ? null
            : _module.Create(qualified, set, new CallSignature(qualified, [self, new CallParameter("value", type)], required: 2), "($self, value, /)", doc);
        using PyObject property = Builtin("property", [getter, setter, null, doc]);
        _type.SetAttr(name, property);
        return this;
    }

    /// <summary>Makes <c>async with</c> begin with the object itself.</summary>
    public ClassBuilder<T> AsyncEnter() => Method(
        "__aenter__",
        static call =>
        {
            T self = call.Bind(stackalloc ArgumentSlot[1]).Self<T>();
            return call.Done(self, PyConvert.Class<T>());
        },
        Signature("__aenter__"),
        NoArguments,
        isAsync: true);

    /// <summary>Disposes the object at the end of <c>async with</c>.</summary>
    public ClassBuilder<T> AsyncExit() => Method(
        "__aexit__",
        static call =>
        {
            var self = (IAsyncDisposable)call.Bind(stackalloc ArgumentSlot[4]).Self<T>();
            return call.BeginInline(takesToken: false, CancelBehavior.Wait).Return(self.DisposeAsync());
        },
        Signature("__aexit__", "exc_type", "exc_value", "traceback"),
        ExitArguments,
        isAsync: true);

    /// <summary>Makes <c>with</c> begin with the object itself.</summary>
    public ClassBuilder<T> Enter() => Method(
        "__enter__",
        static call => PyResult.From(call.Bind(stackalloc ArgumentSlot[1]).Self<T>(), PyConvert.Class<T>()),
        Signature("__enter__"),
        NoArguments);

    /// <summary>Disposes the object at the end of <c>with</c>.</summary>
    public ClassBuilder<T> Exit() => Method(
        "__exit__",
        static call =>
        {
            ((IDisposable)call.Bind(stackalloc ArgumentSlot[4]).Self<T>()).Dispose();
            return PyResult.None;
        },
        Signature("__exit__", "exc_type", "exc_value", "traceback"),
        ExitArguments);

    /// <summary>Makes the object work in <c>async for</c>.</summary>
    /// <typeparam name="TItem">The type of its items.</typeparam>
    /// <param name="converter">Converts them.</param>
    public ClassBuilder<T> AsyncIterable<TItem>(PyConverter<TItem> converter) => Method(
        "__aiter__",
        call => call.Runtime.Stream((IAsyncEnumerable<TItem>)call.Bind(stackalloc ArgumentSlot[1]).Self<T>(), converter),
        Signature("__aiter__"),
        NoArguments);

    /// <summary>Makes the object its own asynchronous iterator: it has an <c>__anext__</c>.</summary>
    public ClassBuilder<T> AsyncIterator() => Method(
        "__aiter__",
        static call => PyResult.From(call.Bind(stackalloc ArgumentSlot[1]).Self<T>(), PyConvert.Class<T>()),
        Signature("__aiter__"),
        NoArguments);

    /// <summary>Makes <c>str()</c> return the result of <c>ToString()</c>.</summary>
    public ClassBuilder<T> Text() => Method(
        "__str__",
        static call => PyResult.From(call.Bind(stackalloc ArgumentSlot[1]).Self<T>().ToString() ?? "", PyConvert.String),
        Signature("__str__"),
        NoArguments);

    /// <summary>Creates the signature of a method that takes <paramref name="optional"/> arguments in addition to the object.</summary>
    private CallSignature Signature(string method, params string[] optional) => new(
        $"{_name}.{method}",
        [new CallParameter("self", _name), .. Array.ConvertAll(optional, static name => new CallParameter(name, "object"))],
        required: 1);

    private static PyObject Builtin(string name, CallArguments arguments)
    {
        using PyObject builtins = PyObject.Import("builtins");
        return builtins.CallMethod(name, arguments);
    }
}
