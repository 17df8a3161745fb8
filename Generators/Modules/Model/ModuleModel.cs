namespace PyAsync.Generators;

/// <summary>A class marked <c>[PyModule]</c>, as far as the generated code depends on it.</summary>
internal sealed record ModuleModel(
    string Name,
    string CSharpName,
    string? Doc,
    EquatableArray<FunctionModel> Functions,
    EquatableArray<ConstantModel> Constants,
    string? InitCall,
    LocationInfo? Location,
    EquatableArray<DiagnosticInfo> Problems)
{
    /// <summary>The name's last part, which <c>PyInit_…</c> is named by.</summary>
    public string ShortName => Name.Substring(Name.LastIndexOf('.') + 1);

    public string EntryType => "PyInit_" + ShortName;
}

/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpName">Its full name in C#.</param>
/// <param name="Type">Its type.</param>
/// <param name="Doc">What the stub says of it.</param>
internal sealed record ConstantModel(string PythonName, string CSharpName, TypeModel Type, string? Doc);
