using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>Finds marked members in places where they have no effect.</summary>
internal static class StrayReader
{
    /// <summary>Reads a member marked with an attribute for modules only.</summary>
    public static StrayMember? ReadModules(ISymbol member, AttributeData attribute) => Read(member, attribute, "[PyModule]", ModuleReader.ModuleAttribute);

    /// <summary>Reads a member marked with an attribute for modules and classes.</summary>
    public static StrayMember? ReadAny(ISymbol member, AttributeData attribute)
    {
        StrayMember? stray = Read(member, attribute, "[PyModule] or [PyClass]", ModuleReader.ModuleAttribute, ClassReader.ClassAttribute);
        if (stray is null || member.ContainingType is not { TypeKind: TypeKind.Class, IsSealed: false, IsStatic: false } type || IsLocal(member))
        {
            return stray;
        }

        // An abstract class may have derived classes in another project.
        return type.IsAbstract ? null : stray with { BaseName = MemberNames.FullName(type.OriginalDefinition) };
    }

    private static StrayMember? Read(ISymbol member, AttributeData attribute, string where, params string[] owners)
    {
        if (member.ContainingType is null || (!IsLocal(member) && owners.Any(owner => ModuleReader.Has(member.ContainingType, owner))))
        {
            return null; // A type that is not nested cannot be marked: the compiler says so (CS0592).
        }

        string name = attribute.AttributeClass!.Name.Replace("Attribute", "");
        string place = IsLocal(member) ? "another method" : $"'{MemberNames.Display(member.ContainingType)}'";
        return new StrayMember(BaseName: null, DiagnosticInfo.Create(
            Diagnostics.Stray, member, MemberNames.Display(member), name, place, where));
    }

    private static bool IsLocal(ISymbol member) => member is IMethodSymbol { MethodKind: MethodKind.LocalFunction };
}
