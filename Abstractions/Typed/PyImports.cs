using System.ComponentModel;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>The implementations of the interfaces that describe modules and objects. Generated code registers them when its assembly is loaded.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PyImports
{
    /// <summary>Registers the implementation of a <c>[PyImport]</c> interface.</summary>
    /// <param name="create">Creates it. It holds no Python object yet.</param>
    public static void Register<T>(Func<IRuntime, T> create)
        where T : class => Modules<T>.Create = create;

    /// <summary>Registers the implementation of a <c>[PyProxy]</c> interface.</summary>
    /// <param name="create">Creates it for an object, which then belongs to it.</param>
    public static void RegisterProxy<T>(Func<IRuntime, PyObject, T> create)
        where T : class => Proxies<T>.Create = create;

    /// <summary>Finds the implementation of a module's interface.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal static Func<IRuntime, T> Module<T>()
        where T : class
    {
        if (Modules<T>.Create is null)
        {
            LoadRegistrations<T>();
        }

        return Modules<T>.Create ?? throw NotRegistered<T>("PyImport(\"module\")", Proxies<T>.Create is null ? null : "is a [PyProxy], which describes objects, not a module: a function of a module returns them, and runtime.ToProxy wraps a PyObject");
    }

    /// <summary>Finds the implementation of an object's interface.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal static Func<IRuntime, PyObject, T> Proxy<T>()
        where T : class
    {
        if (Proxies<T>.Create is null)
        {
            LoadRegistrations<T>();
        }

        return Proxies<T>.Create ?? throw NotRegistered<T>("PyProxy", Modules<T>.Create is null ? null : "is a [PyImport], which describes a module, not an object: runtime.Import returns it");
    }

    // The initialiser of an assembly runs before its first code does: none has run yet if an interface was only named as a type argument.
    private static void LoadRegistrations<T>() => RuntimeHelpers.RunModuleConstructor(typeof(T).Module.ModuleHandle);

    private static InvalidOperationException NotRegistered<T>(string attribute, string? other) => new(
        other is not null ? $"{typeof(T)} {other}."
        : typeof(T).IsInterface ? $"There is no implementation of {typeof(T)}. Mark the interface [{attribute}]; its project needs the package PyAsync (or PyAsync.Modules), whose generator writes the implementation."
        : $"{typeof(T)} is not an interface: declare one that is marked [{attribute}]. The generator writes its implementation.");

    private static class Modules<T>
        where T : class
    {
        public static Func<IRuntime, T>? Create { get; set; }
    }

    private static class Proxies<T>
        where T : class
    {
        public static Func<IRuntime, PyObject, T>? Create { get; set; }
    }
}
