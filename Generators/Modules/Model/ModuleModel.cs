namespace PyAsync.Generators;

/// <summary>A class marked <c>[PyModule]</c>, as far as the generated code depends on it.</summary>
internal sealed record ModuleModel(
    string Name,
    string CSharpName,
    string? Doc,
    EquatableArray<FunctionModel> Functions,
    string? InitCall,
    LocationInfo? Location,
    EquatableArray<DiagnosticInfo> Problems)
{
    /// <summary>The name's last part, which <c>PyInit_…</c> is named by.</summary>
    public string ShortName => Name.Substring(Name.LastIndexOf('.') + 1);

    public string EntryType => "PyInit_" + ShortName;
}
