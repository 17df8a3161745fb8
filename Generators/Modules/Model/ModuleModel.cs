namespace PyAsync.Generators.Modules.Model;

/// <summary>The data of a class marked <c>[PyModule]</c> on which the generated code depends.</summary>
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
    /// <summary>Gets the name's last part, which is in the name of <c>PyInit_…</c>.</summary>
    public string ShortName => Name.Substring(Name.LastIndexOf('.') + 1);

    /// <summary>Gets the types in its signatures.</summary>
    public IEnumerable<TypeModel> Types => Functions.SelectMany(static function => function.Types).Concat(Constants.Select(static constant => constant.Type));

    public string EntryType => "PyInit_" + ShortName;
}

/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpName">Its full name in C#.</param>
/// <param name="Type">Its type.</param>
/// <param name="Doc">Its docstring in the stub.</param>
internal sealed record ConstantModel(string PythonName, string CSharpName, TypeModel Type, string? Doc);
