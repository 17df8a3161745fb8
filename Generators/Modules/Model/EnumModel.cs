namespace PyAsync.Generators.Modules.Model;

/// <summary>A C# enum that a module's signatures use, which becomes an <c>enum.IntEnum</c> or <c>enum.IntFlag</c> in the module.</summary>
/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpName">Its full name in C#.</param>
/// <param name="IsFlags">True for an <c>IntFlag</c>.</param>
/// <param name="Doc">The docstring.</param>
/// <param name="Members">Its members; several may have one value.</param>
internal sealed record EnumModel(string PythonName, string CSharpName, bool IsFlags, string? Doc, EquatableArray<EnumMemberModel> Members)
{
    public string Base => IsFlags ? "IntFlag" : "IntEnum";
}

/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpValue">Its number, as a C# literal.</param>
/// <param name="PythonValue">Its number in Python.</param>
/// <param name="Doc">Its docstring in the stub.</param>
internal sealed record EnumMemberModel(string PythonName, string CSharpValue, string PythonValue, string? Doc);
