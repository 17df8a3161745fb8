namespace PyAsync;

/// <summary>Marks a parameter that Python takes by position only (those before a <c>/</c>): it is never passed by keyword.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PyPositionalAttribute : Attribute;
