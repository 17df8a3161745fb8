namespace PyAsync;

/// <summary>
/// Makes a Python module of a static class: its methods that are marked <see cref="PyFunctionAttribute"/> become the module's functions,
/// classes that are marked <see cref="PyClassAttribute"/> its classes, properties and fields that are marked <see cref="PyConstantAttribute"/>
/// its constants. The class's XML documentation is the module's docstring.
/// </summary>
/// <param name="name">The module's name, as in <c>import</c>: <c>my_async_module</c>, <c>package.module</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PyModuleAttribute(string name) : Attribute
{
    /// <summary>Gets the module's name.</summary>
    public string Name { get; } = name;
}
