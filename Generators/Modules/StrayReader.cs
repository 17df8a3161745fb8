using Microsoft.CodeAnalysis;

namespace PyAsync.Generators;

/// <summary>Finds members that are marked for Python and lie where nothing makes them Python's.</summary>
internal static class StrayReader
{
    /// <summary>A member marked with an attribute that is for modules alone.</summary>
    public static StrayMember? ReadModules(ISymbol member, AttributeData attribute) => Read(member, attribute, "[PyModule]", ModuleReader.ModuleAttribute);

    /// <summary>A member marked with an attribute that is for modules and classes.</summary>
    public static StrayMember? ReadAny(ISymbol member, AttributeData attribute)
    {
        StrayMember? stray = Read(member, attribute, "[PyModule] or [PyClass]", ModuleReader.ModuleAttribute, ClassReader.ClassAttribute);
        if (stray is null || member.ContainingType is not { TypeKind: TypeKind.Class, IsSealed: false, IsStatic: false } type || IsLocal(member))
        {
            return stray;
        }

        // What is abstract is for others to derive from, maybe in another project.
        return type.IsAbstract ? null : stray with { BaseName = type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) };
    }

    private static StrayMember? Read(ISymbol member, AttributeData attribute, string where, params string[] owners)
    {
        if (!IsLocal(member) && owners.Any(owner => ModuleReader.Has(member.ContainingType, owner)))
        {
            return null;
        }

        string name = attribute.AttributeClass!.Name.Replace("Attribute", "");
        string place = IsLocal(member) ? "another method" : $"'{member.ContainingType.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}'";
        return new StrayMember(BaseName: null, DiagnosticInfo.Create(
            Diagnostics.Stray, member, member.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), name, place, where));
    }

    private static bool IsLocal(ISymbol member) => member is IMethodSymbol { MethodKind: MethodKind.LocalFunction };
}
