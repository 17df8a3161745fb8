namespace PyAsync;

/// <summary>Sets a name in Python that differs from the usual one: <c>ForecastAsync</c> is <c>forecast</c>, <c>maxCount</c> is <c>max_count</c>.</summary>
/// <param name="name">The name in Python. That of a module's function may have dots: <c>Client.from_url</c>.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.Field | AttributeTargets.Interface)]
public sealed class PyNameAttribute(string name) : Attribute
{
    /// <summary>Gets the name in Python.</summary>
    public string Name { get; } = name;
}
