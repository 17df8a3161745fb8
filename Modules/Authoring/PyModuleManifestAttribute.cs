using System.ComponentModel;

namespace PyAsync;

/// <summary>Describes a module in the assembly's metadata, for build tools. Written by the generator.</summary>
/// <param name="name">The module's name.</param>
/// <param name="entryType">The full name of the type whose static method <c>Init</c> is the module's <c>PyInit_…</c>.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class PyModuleManifestAttribute(string name, string entryType) : Attribute
{
    /// <summary>Gets the module's name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the full name of the type whose static method <c>Init</c> is the module's <c>PyInit_…</c>.</summary>
    public string EntryType { get; } = entryType;

    /// <summary>Gets or sets the text of the module's <c>.pyi</c> file.</summary>
    public string Stub { get; set; } = "";
}
