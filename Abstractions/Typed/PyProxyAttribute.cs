namespace PyAsync;

/// <summary>
/// Marks an interface that describes the objects of a Python class, as functions of a <c>[PyImport]</c> interface return them. The compiler generates the
/// implementation, and makes the interface an <see cref="IDisposable"/>; an object that is not disposed is released when .NET collects it.
/// </summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class PyProxyAttribute : Attribute;
