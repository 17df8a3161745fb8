namespace PyAsync;

/// <summary>Excludes a public member of a <see cref="PyClassAttribute"/> class from Python.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Constructor)]
public sealed class PyIgnoreAttribute : Attribute;
