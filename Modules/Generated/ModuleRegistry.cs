using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace PyAsync.Modules;

/// <summary>The modules of the loaded assemblies, for applications that add them to their Python. Generated code fills it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModuleRegistry
{
    private static readonly ConcurrentDictionary<Type, RegisteredModule> s_modules = [];

    /// <summary>Registers a module.</summary>
    /// <param name="type">The class marked <see cref="PyModuleAttribute"/>.</param>
    /// <param name="name">The module's full name.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="fill">Adds the module's contents.</param>
    public static void Register(Type type, string name, string? doc, Action<ModuleBuilder> fill)
    {
        ArgumentNullException.ThrowIfNull(type);
        s_modules[type] = new RegisteredModule(name, doc, fill);
    }

    /// <summary>Finds a module; runs the initialiser of its assembly first.</summary>
    /// <exception cref="ArgumentException">The class is not marked, or the generator did not run.</exception>
    internal static RegisteredModule Find(Type type)
    {
        if (!s_modules.TryGetValue(type, out RegisteredModule? found))
        {
            RuntimeHelpers.RunModuleConstructor(type.Module.ModuleHandle);
            s_modules.TryGetValue(type, out found);
        }

        return found ?? throw new ArgumentException(
            $"{type} is not a Python module: mark the class [PyModule(\"name\")], in a project that refers to the package PyAsync.Modules, whose generator writes the module's code.", nameof(type));
    }
}
