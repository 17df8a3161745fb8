using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>Fills a module object during the import.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleBuilder
{
    private readonly string _name;
    private readonly bool _refillsClasses;

    internal ModuleBuilder(string name, PyObject module)
        : this(name, module, ModuleRuntime.Current, refillsClasses: false)
    {
    }

    /// <param name="name">The module's full name.</param>
    /// <param name="module">The module object.</param>
    /// <param name="runtime">The runtime of its functions.</param>
    /// <param name="refillsClasses">True if the methods of a class that exists are replaced, because those are functions of another runtime.</param>
    internal ModuleBuilder(string name, PyObject module, ModuleRuntime runtime, bool refillsClasses)
    {
        _name = name;
        _refillsClasses = refillsClasses;
        Module = module;
        Runtime = runtime;
    }

    /// <summary>Gets the module object.</summary>
    public PyObject Module { get; }

    /// <summary>Gets the runtime of the module's functions.</summary>
    public ModuleRuntime Runtime { get; }

    /// <summary>Adds a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="code">Its body.</param>
    /// <param name="signature">Its parameters.</param>
    /// <param name="textSignature">The signature for <c>inspect.signature</c>.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="isAsync">True if it returns an awaitable.</param>
    /// <param name="isStream">True if it returns an async iterator.</param>
    public ModuleBuilder Function(
        string name, ModuleFunctionCode code, CallSignature signature, string textSignature, string? doc = null, bool isAsync = false, bool isStream = false)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(signature);
        using PyObject function = Create(name, code, signature, textSignature, doc, isAsync, isStream);
        Module.SetAttr(name, function);
        return this;
    }

    /// <summary>Adds a class.</summary>
    /// <typeparam name="T">The C# class.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="isSealed">True if Python code may not derive from it.</param>
    /// <param name="isAbstract">True if Python code may not create objects of it.</param>
    /// <param name="fill">Adds its members.</param>
    public ModuleBuilder Class<T>(string name, string? doc, bool isSealed, bool isAbstract, Action<ClassBuilder<T>> fill)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(fill);
        ClassRegistry registry = ClassRegistry.Current;
        PyObject type = registry.GetOrAdd(
            typeof(T),
            () => ClassType.Create($"{_name}.{name}", doc, isSealed, isAbstract, registry.BaseOf(typeof(T))).ToPyObject(),
            out bool isNew);
        if (isNew || _refillsClasses)
        {
            fill(new ClassBuilder<T>(this, name, type));
        }

        Module.SetAttr(name, type);
        return this;
    }

    /// <summary>Adds an <c>enum.IntEnum</c> or <c>enum.IntFlag</c>.</summary>
    /// <typeparam name="T">The C# enum.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="isFlags">True if its members can be combined.</param>
    /// <param name="members">Its members.</param>
    public ModuleBuilder Enum<T>(string name, string? doc, bool isFlags, IReadOnlyList<(string Name, T Value)> members)
        where T : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(members);
        var values = new (string, Enum)[members.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (members[i].Name, members[i].Value);
        }

        Module.SetAttr(name, EnumRegistry.Current.GetOrAdd(typeof(T), name, _name, doc, isFlags, values));
        return this;
    }

    /// <summary>Adds a constant.</summary>
    /// <typeparam name="T">Its C# type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="converter">Converts it.</param>
    public ModuleBuilder Constant<T>(string name, T value, PyConverter<T> converter)
    {
        using PyObject constant = PyObject.From(value, converter);
        Module.SetAttr(name, constant);
        return this;
    }

    /// <summary>Creates a function; a method's name comes after that of its class.</summary>
    internal PyObject Create(
        string qualifiedName, ModuleFunctionCode code, CallSignature signature, string textSignature, string? doc, bool isAsync = false, bool isStream = false)
    {
        string name = qualifiedName[(qualifiedName.LastIndexOf('.') + 1)..];
        var description = new FunctionDescription(name)
        {
            QualifiedName = qualifiedName,
            Module = _name,
            TextSignature = textSignature,
            Doc = doc,
            Kind = isAsync ? FunctionKind.Coroutine : isStream ? FunctionKind.AsyncGenerator : FunctionKind.Plain,
        };
        return PyFunction.Create(new ModuleFunction(description, Runtime, signature, code), description);
    }
}
