namespace PyAsync.Functions;

/// <summary>Describes a function written in C# for Python code.</summary>
/// <param name="Name">Its <c>__name__</c>.</param>
internal sealed record FunctionDescription(string Name)
{
    /// <summary>Gets its <c>__qualname__</c>; null for the name.</summary>
    public string? QualifiedName { get; init; }

    /// <summary>Gets its <c>__module__</c>.</summary>
    public string? Module { get; init; }

    /// <summary>Gets its <c>__doc__</c>.</summary>
    public string? Doc { get; init; }

    /// <summary>Gets its <c>__text_signature__</c>, which <c>inspect.signature</c> and <c>help()</c> read: <c>(seconds, result=None)</c>.</summary>
    public string? TextSignature { get; init; }

    /// <summary>Gets the kind of object that a call returns.</summary>
    public FunctionKind Kind { get; init; }
}
