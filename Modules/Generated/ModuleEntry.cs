using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>What a generated <c>PyInit_…</c> calls.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModuleEntry
{
    /// <summary>The first phase of a module's initialisation; the second fills it.</summary>
    /// <param name="name">The module's full name.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="fill">Adds what is in it.</param>
    /// <returns>What <c>PyInit_…</c> returns: the definition, or 0 with an ImportError set.</returns>
    public static nint Initialize(string name, string? doc, Action<ModuleBuilder> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        return ExtensionModule.Initialize(name, doc, module => fill(new ModuleBuilder(name, module)));
    }
}
