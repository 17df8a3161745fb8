using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>The texts of the members of an enum that is marked <c>[PyEnum(PyEnumForm.Name)]</c>.</summary>
internal static class EnumTexts
{
    internal const string EnumAttribute = "PyAsync.PyEnumAttribute";

    private const string JsonName = "System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute";

    /// <summary>True if the members of an enum are texts in Python.</summary>
    public static bool IsByName(ITypeSymbol type) => MemberNames.Find(type, EnumAttribute) is { } marked && IsByName(marked);

    public static bool IsByName(AttributeData attribute) => attribute.ConstructorArguments.FirstOrDefault().Value is 1;

    /// <summary>Gets the text of a member.</summary>
    public static string Of(IFieldSymbol member) => MemberNames.Given([member], MemberNames.NameAttribute, JsonName) ?? PythonNames.OfConstant(member.Name);

    /// <summary>Gets the text of the member with a value; null if there is none, or the enum is not marked.</summary>
    public static string? Of(ITypeSymbol type, object value) => IsByName(type)
        ? type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value)) is { } member ? Of(member) : null
        : null;
}
