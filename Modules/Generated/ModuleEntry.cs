using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>Initialises a module for its generated <c>PyInit_…</c>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModuleEntry
{
    /// <summary>Runs the first phase of a module's initialisation; the second phase fills the module.</summary>
    /// <param name="name">The module's full name.</param>
    /// <param name="doc">Its docstring.</param>
    /// <param name="fill">Adds the module's contents.</param>
    /// <returns>The result of <c>PyInit_…</c>: the definition, or 0 with an ImportError set.</returns>
    public static nint Initialize(string name, string? doc, Action<ModuleBuilder> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        return ExtensionModule.Initialize(name, doc, module => fill(new ModuleBuilder(name, module)));
    }
}
