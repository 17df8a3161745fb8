namespace PyAsync;

/// <summary>
/// Makes a constant of a static property or field of a <see cref="PyModuleAttribute"/> class. It is read once, when the module is imported, before
/// a <see cref="PyModuleInitAttribute"/> method runs. If reading it throws, the import fails with an ImportError.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class PyConstantAttribute : Attribute
{
    /// <summary>For a name of its own making.</summary>
    public PyConstantAttribute()
    {
    }

    /// <summary>For a given name.</summary>
    /// <param name="name">The name in Python.</param>
    public PyConstantAttribute(string name) => Name = name;

    /// <summary>The name in Python.</summary>
    /// <value>Default null: the member's name as Python writes a constant's: <c>MaxSize</c> is <c>MAX_SIZE</c>.</value>
    public string? Name { get; }
}
