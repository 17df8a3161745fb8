namespace PyAsync;

/// <summary>
/// Marks the static method of a <see cref="PyModuleAttribute"/> class that runs when the module is imported, after its functions, classes and constants
/// have been added. It may take the module (a <c>PyObject</c>) and an <see cref="IRuntime"/>. If it throws, the import fails with an ImportError.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PyModuleInitAttribute : Attribute;
