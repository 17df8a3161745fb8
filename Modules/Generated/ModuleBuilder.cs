using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>Fills a module object that is being imported.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModuleBuilder
{
    private readonly string _name;

    internal ModuleBuilder(string name, PyObject module)
    {
        _name = name;
        Module = module;
        Runtime = ModuleRuntime.Current;
    }

    /// <summary>The module object.</summary>
    public PyObject Module { get; }

    /// <summary>The runtime that the module's functions work with.</summary>
    public ModuleRuntime Runtime { get; }

    /// <summary>Adds a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="code">Its body.</param>
    /// <param name="signature">Its parameters.</param>
    /// <param name="textSignature">What <c>inspect.signature</c> shows.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="isAsync">Whether what it returns is to be awaited.</param>
    public ModuleBuilder Function(string name, ModuleFunctionCode code, CallSignature signature, string textSignature, string? doc = null, bool isAsync = false)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(signature);
        using PyObject function = Create(name, code, signature, textSignature, doc, isAsync);
        Module.SetAttr(name, function);
        return this;
    }

    /// <summary>Adds a class.</summary>
    /// <typeparam name="T">The C# class.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="isSealed">Whether Python may not derive from it.</param>
    /// <param name="isAbstract">Whether Python may not make objects of it.</param>
    /// <param name="fill">Adds what is in it.</param>
    public ModuleBuilder Class<T>(string name, string? doc, bool isSealed, bool isAbstract, Action<ClassBuilder<T>> fill)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(fill);
        ClassRegistry registry = ClassRegistry.Current;
        PyObject type = registry.GetOrAdd(
            typeof(T),
            () => ClassType.Create($"{_name}.{name}", doc, isSealed, isAbstract, registry.BaseOf(typeof(T))).ToPyObject(),
            out bool isNew);
        if (isNew)
        {
            PythonInterpreter.Current.Attachment<ForkGuard>().Add(type.Reference, []);
            fill(new ClassBuilder<T>(this, name, type));
        }

        Module.SetAttr(name, type);
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

    /// <summary>Makes a function; a method's name comes after that of its class.</summary>
    internal PyObject Create(string qualifiedName, ModuleFunctionCode code, CallSignature signature, string textSignature, string? doc, bool isAsync)
    {
        string name = qualifiedName[(qualifiedName.LastIndexOf('.') + 1)..];
        var description = new FunctionDescription(name)
        {
            QualifiedName = qualifiedName, Module = _name, TextSignature = textSignature, Doc = doc, IsAsync = isAsync,
        };
        return PyFunction.Create(new ModuleFunction(name, Runtime, signature, code), description);
    }
}
