using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>Reads a property or field marked <c>[PyConstant]</c>.</summary>
internal static class ConstantReader
{
    internal const string ConstantAttribute = "PyAsync.PyConstantAttribute";

    /// <summary>Reads the member; returns null if there is an error in it, which is added to the problems.</summary>
    public static ConstantModel? Read(ISymbol member, List<DiagnosticInfo> problems, CancellationToken cancellationToken)
    {
        string display = MemberNames.Display(member);
        string name = MemberNames.Argument(member, ConstantAttribute) ?? PythonNames.OfConstant(member.Name);
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

        return new ConstantModel(name, $"{MemberNames.FullName(member.ContainingType)}.{MemberNames.Escaped(member.Name)}", mapped, DocComment.Of(member, cancellationToken));
    }
}
