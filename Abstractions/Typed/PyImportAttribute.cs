namespace PyAsync;

/// <summary>
/// Marks an interface that describes a Python module: its methods are the module's functions, its properties the module's attributes. The compiler generates the
/// implementation, which <see cref="PyImportExtensions.Import{T}"/> returns.
/// </summary>
/// <param name="module">The module's name, as in Python's <c>import</c>: <c>weather</c>, <c>shop.orders</c>.</param>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class PyImportAttribute(string module) : Attribute
{
    /// <summary>Gets the module's name.</summary>
    public string Module { get; } = module;
}
