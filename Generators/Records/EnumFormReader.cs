using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Records;

/// <summary>Reads an enum marked <c>[PyEnum]</c>.</summary>
internal static class EnumFormReader
{
    public static EnumFormModel Read(INamedTypeSymbol type, AttributeData attribute)
    {
        List<DiagnosticInfo> problems = [];
        bool isByName = EnumTexts.IsByName(attribute);
        string? pythonClass = MemberNames.Named(attribute, "PythonClass") as string;
        string display = MemberNames.Display(type);
        MemberNames.CheckPythonClass(pythonClass, type, problems);
        if (ModuleReader.WhyUnreachable(type) is { } why)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.RecordShape, type, display, why));
        }

        if (isByName && ModuleReader.Has(type, "System.FlagsAttribute"))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.FlagsByName, type, display));
        }

        List<EnumFormMember> members = [.. type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue)
            .Select(static field => new EnumFormMember(MemberNames.Escaped(field.Name), EnumTexts.Of(field), PythonNames.OfConstant(field.Name)))];
        foreach (IGrouping<string, EnumFormMember> same in members.GroupBy(static member => member.Text).Where(group => isByName && group.Count() > 1))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.MemberNameTwice, type, same.Key, display));
        }

        return new EnumFormModel(MemberNames.FullName(type), isByName, pythonClass, members.ToEquatableArray(), problems.ToEquatableArray());
    }
}
