namespace PyAsync.Interop;

/// <summary>What Python code sees of a function that is written in C#.</summary>
/// <param name="Name">Its <c>__name__</c>.</param>
internal sealed record FunctionDescription(string Name)
{
    /// <summary>Its <c>__qualname__</c>; null for the name.</summary>
    public string? QualifiedName { get; init; }

    /// <summary>Its <c>__module__</c>.</summary>
    public string? Module { get; init; }

    /// <summary>Its <c>__doc__</c>.</summary>
    public string? Doc { get; init; }

    /// <summary>Its <c>__text_signature__</c>, which <c>inspect.signature</c> and <c>help()</c> read: <c>(seconds, result=None)</c>.</summary>
    public string? TextSignature { get; init; }

    /// <summary>Whether what it returns is to be awaited: then it counts as a coroutine function.</summary>
    public bool IsAsync { get; init; }
}
