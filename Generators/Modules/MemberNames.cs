using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PyAsync.Generators.Modules;

/// <summary>Reads names and attributes of members.</summary>
internal static class MemberNames
{
    public const string NameAttribute = "PyAsync.PyNameAttribute";

    /// <summary>Gets the name in Python that an attribute on one of the symbols gives, the first attribute before the others; null if there is none.</summary>
    public static string? Given(IEnumerable<ISymbol> symbols, params string[] attributes) =>
        attributes.Select(attribute => symbols.Select(symbol => Argument(symbol, attribute)).FirstOrDefault(static name => name is not null)).FirstOrDefault(static name => name is not null);

    /// <summary>Gets the first argument of an attribute; null without the attribute.</summary>
    public static string? Argument(ISymbol symbol, string attribute) =>
        Find(symbol, attribute)?.ConstructorArguments.FirstOrDefault().Value as string;

    public static AttributeData? Find(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().FirstOrDefault(candidate => candidate.AttributeClass?.ToDisplayString() == attribute);

    /// <summary>Gets the value of a named argument of an attribute.</summary>
    public static object? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;

    public static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    public static string FullName(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    public static string Display(ISymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);

    /// <summary>Checks the text <c>module:Class</c>.</summary>
    public static void CheckPythonClass(string? path, ISymbol type, List<DiagnosticInfo> problems)
    {
        string[] parts = path?.Split(':') ?? [];
        if (path is not null && !(parts.Length == 2 && parts.SelectMany(static part => part.Split('.')).All(PythonNames.IsIdentifier)))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.PythonClassShape, type, Display(type), path));
        }
    }
}
