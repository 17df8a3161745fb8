namespace PyAsync;

/// <summary>Marks a dictionary whose items are passed by keyword, as <c>**kwargs</c>. Its keys are texts; null passes nothing.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PyKwargsAttribute : Attribute;
