namespace PyAsync;

/// <summary>Marks a parameter that Python takes by keyword only (those after a <c>*</c>): it is always passed by keyword.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PyKeywordAttribute : Attribute;
