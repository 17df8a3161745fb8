namespace PyAsync;

/// <summary>What build tools read of a module from the assembly's metadata. Written by the generator.</summary>
/// <param name="name">The module's name.</param>
/// <param name="entryType">The full name of the type whose static method <c>Init</c> is the module's <c>PyInit_…</c>.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class PyModuleManifestAttribute(string name, string entryType) : Attribute
{
    /// <summary>The module's name.</summary>
    public string Name { get; } = name;

    /// <summary>The full name of the type whose static method <c>Init</c> is the module's <c>PyInit_…</c>.</summary>
    public string EntryType { get; } = entryType;

    /// <summary>The text of the module's <c>.pyi</c> file.</summary>
    public string Stub { get; set; } = "";
}
