namespace PyAsync;

/// <summary>
/// Makes a constant of a static property or field of a <see cref="PyModuleAttribute"/> class. It is read once, when the module is imported, before
/// a <see cref="PyModuleInitAttribute"/> method runs. If reading it throws, the import fails with an ImportError.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class PyConstantAttribute : Attribute
{
    /// <summary>Derives the name in Python from the member's.</summary>
    public PyConstantAttribute()
    {
    }

    /// <summary>Uses a given name.</summary>
    /// <param name="name">The name in Python.</param>
    public PyConstantAttribute(string name) => Name = name;

    /// <summary>Gets the name in Python.</summary>
    /// <value>Default null: the member's name in Python's style for constants: <c>MaxSize</c> is <c>MAX_SIZE</c>.</value>
    public string? Name { get; }
}
