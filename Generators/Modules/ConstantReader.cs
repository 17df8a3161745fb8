using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PyAsync.Generators.Modules;

/// <summary>Reads a property or field marked <c>[PyConstant]</c>.</summary>
internal static class ConstantReader
{
    internal const string ConstantAttribute = "PyAsync.PyConstantAttribute";

    /// <summary>Reads the member; returns null if there is an error in it, which is added to the problems.</summary>
    public static ConstantModel? Read(ISymbol member, List<DiagnosticInfo> problems, CancellationToken cancellationToken)
    {
        string display = member.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        string name = member.GetAttributes().First(static a => a.AttributeClass?.ToDisplayString() == ConstantAttribute).ConstructorArguments.FirstOrDefault().Value as string
            ?? PythonNames.OfConstant(member.Name);
        int before = problems.Count;
        if (!PythonNames.IsIdentifier(name))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, member, name, display));
        }

        if (!member.IsStatic || member.IsHidden() || member is IPropertySymbol property && (property.GetMethod is not { } getter || getter.IsHidden()))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ConstantShape, member, display));
        }

        ITypeSymbol type = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
        TypeModel? mapped = TypeMapper.Map(type);
        if (mapped is null)
        {
            problems.Add(DiagnosticInfo.Create(
                Diagnostics.NoConverter, member, $"constant '{display}'", TypeMapper.Display(type)));
        }

        if (mapped is null || problems.Count > before)
        {
            return null;
        }

        if (type.IsReferenceType && TypeMapper.IsNullable(type) && mapped.Python != "Any")
        {
            mapped = mapped with { Python = mapped.Python + " | None" };
        }

        string csharp = SyntaxFacts.GetKeywordKind(member.Name) == SyntaxKind.None ? member.Name : "@" + member.Name;
        return new ConstantModel(name, $"{member.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)}.{csharp}", mapped, DocComment.Of(member, cancellationToken));
    }
}
