namespace PyAsync;

/// <summary>
/// Makes a Python class of a C# class: its public constructor, methods and properties are available in Python. A class that is nested in a
/// <see cref="PyModuleAttribute"/> class belongs to that module, any other to the only module of its assembly.
/// </summary>
/// <remarks>
/// <para>An <see cref="IAsyncDisposable"/> works in <c>async with</c>, an <see cref="IDisposable"/> in <c>with</c>, an
/// <see cref="IAsyncEnumerable{T}"/> in <c>async for</c>. <c>ToString</c>, if it is overridden, is <c>str()</c>.</para>
/// <para>Python code may derive from it unless it is sealed.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PyClassAttribute : Attribute
{
    /// <summary>Uses the class's own name.</summary>
    public PyClassAttribute()
    {
    }

    /// <summary>Uses a given name.</summary>
    /// <param name="name">The name in Python.</param>
    public PyClassAttribute(string name) => Name = name;

    /// <summary>Gets the name in Python.</summary>
    /// <value>Default null: the class's own.</value>
    public string? Name { get; }
}
