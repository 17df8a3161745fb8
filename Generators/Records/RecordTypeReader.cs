using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PyAsync.Generators.Records;

/// <summary>Reads a type marked <c>[PyRecord]</c>.</summary>
internal sealed class RecordTypeReader
{
    private const string JsonName = "System.Text.Json.Serialization.JsonPropertyNameAttribute";

    private const string JsonConstructor = "System.Text.Json.Serialization.JsonConstructorAttribute";

    private const string SetsRequiredMembers = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";

    private const string JsonIgnore = "System.Text.Json.Serialization.JsonIgnoreAttribute";

    // JsonIgnoreCondition.Always, which is the default.
    private const int Always = 1;

    private readonly INamedTypeSymbol _type;
    private readonly string _display;
    private readonly List<DiagnosticInfo> _problems = [];
    private readonly List<IPropertySymbol> _properties;

    private RecordTypeReader(INamedTypeSymbol type)
    {
        _type = type;
        _display = MemberNames.Display(type);
        _properties = [.. Properties(type)];
    }

    public static RecordModel Read(INamedTypeSymbol type, AttributeData attribute) => new RecordTypeReader(type).Read(attribute);

    private RecordModel Read(AttributeData attribute)
    {
        string? pythonClass = MemberNames.Named(attribute, "PythonClass") as string;
        MemberNames.CheckPythonClass(pythonClass, _type, _problems);
        string? why = ModuleReader.WhyUnreachable(_type)
            ?? (_type.IsStatic ? "is static" : _type.IsAbstract ? "is abstract" : _type.IsRefLikeType ? "is a ref struct"
                : ModuleReader.Has(_type, ClassReader.ClassAttribute) ? "is also marked [PyClass]"
                : RequiredField is { } field ? $"has the required field '{field.Name}', which has to be a property" : null);
        List<RecordMember> members = [];
        if (why is not null)
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.RecordShape, _type, _display, why));
        }
        else if (Constructor() is { } constructor)
        {
            members = [.. ReadParameters(constructor), .. ReadProperties(constructor)];
            RefuseFields();
            foreach (IGrouping<string, RecordMember> same in members.GroupBy(static member => member.PythonName).Where(static group => group.Count() > 1))
            {
                _problems.Add(DiagnosticInfo.Create(Diagnostics.MemberNameTwice, _type, same.Key, _display));
            }
        }

        return new RecordModel(
            MemberNames.FullName(_type), _type.IsValueType, pythonClass, MemberNames.Named(attribute, "UnknownFields") is 1, MemberNames.Named(attribute, "OmitNull") is true,
            members.ToEquatableArray(), LocationInfo.Of(_type), _problems.ToEquatableArray());
    }

    /// <summary>Gets a field that an object initialiser has to set.</summary>
    private IFieldSymbol? RequiredField
    {
        get
        {
            for (INamedTypeSymbol? type = _type; type is not null; type = type.BaseType)
            {
                if (type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(static member => member.IsRequired) is { } required)
                {
                    return required;
                }
            }

            return null;
        }
    }

    /// <summary>Gets the properties of a type and its bases that Python may see; one that overrides or hides another comes first.</summary>
    private static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol type)
    {
        HashSet<string> seen = [];
        for (INamedTypeSymbol? current = type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (IPropertySymbol property in current.GetMembers().OfType<IPropertySymbol>())
            {
                if (property is { IsStatic: false, IsIndexer: false, GetMethod: { } get } && !get.IsHidden() && !property.IsHidden() && property.Name != "EqualityContract" && seen.Add(property.Name))
                {
                    yield return property;
                }
            }
        }
    }

    /// <summary>Gets the constructor: the only one, the one marked <c>[JsonConstructor]</c>, the primary one, or the one without parameters.</summary>
    private IMethodSymbol? Constructor()
    {
        List<IMethodSymbol> constructors = [.. _type.InstanceConstructors.Where(constructor => !constructor.IsHidden() && !IsCopy(constructor))];
        List<IMethodSymbol> written = [.. constructors.Where(static constructor => !constructor.IsImplicitlyDeclared)];
        IMethodSymbol? chosen = constructors.FirstOrDefault(static constructor => ModuleReader.Has(constructor, JsonConstructor))
            ?? constructors.FirstOrDefault(IsPrimary)
            ?? (written.Count == 1 ? written[0] : null)
            ?? (constructors.Count == 1 ? constructors[0] : null)
            ?? constructors.FirstOrDefault(static constructor => constructor.Parameters.IsEmpty);
        if (chosen is null)
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.RecordConstructor, _type, _display, constructors.Count == 0 ? "no constructor that other files can call" : "several constructors"));
        }

        return chosen;
    }

    private bool IsCopy(IMethodSymbol constructor) =>
        _type.IsRecord && constructor.Parameters.Length == 1 && constructor.Parameters[0].Type.Equals(_type, SymbolEqualityComparer.Default);

    private static bool IsPrimary(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax { ParameterList: not null });

    private IEnumerable<RecordMember> ReadParameters(IMethodSymbol constructor)
    {
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            IPropertySymbol? property = PropertyOf(parameter);
            if (property is null || parameter.RefKind != RefKind.None)
            {
                _problems.Add(DiagnosticInfo.Create(Diagnostics.RecordParameter, parameter, _display, parameter.Name));
                continue;
            }

            if (Map(parameter.Type, property) is { } type)
            {
                yield return Member(property, MemberRole.Parameter, type, DefaultValues.Of(parameter, type)?.CSharp, parameter, property);
            }
        }
    }

    private IPropertySymbol? PropertyOf(IParameterSymbol parameter) => _properties.FirstOrDefault(property =>
        string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && property.Type.Equals(parameter.Type, SymbolEqualityComparer.Default));

    private IEnumerable<RecordMember> ReadProperties(IMethodSymbol constructor)
    {
        bool setsRequired = ModuleReader.Has(constructor, SetsRequiredMembers);
        HashSet<IPropertySymbol> parameters = new(constructor.Parameters.Select(PropertyOf).OfType<IPropertySymbol>(), SymbolEqualityComparer.Default);
        foreach (IPropertySymbol property in _properties)
        {
            bool isSettable = property.SetMethod is { } set && !set.IsHidden();
            if (parameters.Contains(property) || !isSettable || IsIgnored(property))
            {
                continue;
            }

            MemberRole role = property.IsRequired && !setsRequired ? MemberRole.Required
                : property.SetMethod!.IsInitOnly ? MemberRole.OptionalInit
                : MemberRole.Optional;
            if (Map(property.Type, property) is { } type)
            {
                yield return Member(property, role, type, null, property);
            }
        }
    }

    private static bool IsIgnored(ISymbol member) =>
        ModuleReader.Has(member, "PyAsync.PyIgnoreAttribute")
        || (MemberNames.Find(member, JsonIgnore) is { } ignore && MemberNames.Named(ignore, "Condition") is (null or Always));

    /// <summary>Reports public fields: Python would silently not get them.</summary>
    private void RefuseFields()
    {
        for (INamedTypeSymbol? current = _type; current is { SpecialType: SpecialType.None }; current = current.BaseType)
        {
            foreach (IFieldSymbol field in current.GetMembers().OfType<IFieldSymbol>())
            {
                if (field is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } && !IsIgnored(field))
                {
                    _problems.Add(DiagnosticInfo.Create(Diagnostics.RecordField, field, _display, field.Name));
                }
            }
        }
    }

    private TypeModel? Map(ITypeSymbol type, IPropertySymbol property)
    {
        TypeModel? mapped = TypeMapper.MapPart(type);
        if (mapped is null)
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.NoConverter, property, $"member '{property.Name}' of '{_display}'", TypeMapper.Display(type)));
        }

        return mapped;
    }

    private static RecordMember Member(IPropertySymbol property, MemberRole role, TypeModel type, string? defaultValue, params ISymbol[] named) => new(
        MemberNames.Given(named, MemberNames.NameAttribute, JsonName) is { Length: > 0 } given ? given : PythonNames.Of(property.Name),
        MemberNames.Escaped(property.Name),
        MemberNames.FullName(property.ContainingType),
        role,
        type,
        TypeMapper.IsObject(property.Type),
        defaultValue);
}
