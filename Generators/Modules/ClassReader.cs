using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>Reads a class marked <c>[PyClass]</c>.</summary>
internal sealed class ClassReader
{
    internal const string ClassAttribute = "PyAsync.PyClassAttribute";

    private const string IgnoreAttribute = "PyAsync.PyIgnoreAttribute";

    private const string SetsRequiredMembers = "System.Diagnostics.CodeAnalysis.SetsRequiredMembersAttribute";

    // Members of interfaces and of object, for which Python has other names.
    private static readonly HashSet<string> s_mapped =
        ["Dispose", "DisposeAsync", "GetAsyncEnumerator", "GetEnumerator", "ToString", "Equals", "GetHashCode", "GetType", "CompareTo", "Deconstruct"];

    private readonly INamedTypeSymbol _type;
    private readonly string _display;
    private readonly string _name;
    private readonly List<DiagnosticInfo> _problems = [];
    private readonly FunctionReader _functions;
    private readonly CancellationToken _cancellationToken;

    private ClassReader(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        _type = type;
        _cancellationToken = cancellationToken;
        _display = MemberNames.Display(type);
        _name = NameOf(type);
        _functions = new FunctionReader(_name, _problems, cancellationToken);
    }

    /// <summary>Gets the name in Python of a class that has the attribute.</summary>
    public static string NameOf(INamedTypeSymbol type) => MemberNames.Argument(type, ClassAttribute) ?? type.Name;

    public static ClassModel Read(INamedTypeSymbol type, CancellationToken cancellationToken) => new ClassReader(type, cancellationToken).Read();

    private ClassModel Read()
    {
        if (!PythonNames.IsIdentifier(_name))
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, _type, _name, _display));
        }

        if (_type.IsStatic || ModuleReader.WhyUnreachable(_type) is not null)
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.ClassShape, _type, _display, _type.IsStatic ? "is static" : ModuleReader.WhyUnreachable(_type)!));
        }

        FunctionModel? constructor = ReadConstructor();
        List<FunctionModel> methods = [.. Members<IMethodSymbol>().Where(IsPythons).Select(ReadMethod).OfType<FunctionModel>()];
        List<PropertyModel> properties = [.. Members<IPropertySymbol>().Where(IsPythons).Select(ReadProperty).OfType<PropertyModel>()];
        foreach (IGrouping<string, string> same in methods.Select(static method => method.PythonName).Concat(properties.Select(static property => property.PythonName)).GroupBy(static name => name).Where(static group => group.Count() > 1))
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.SameName, _type, same.Key, _display));
        }

        INamedTypeSymbol? module = _type.ContainingType;
        while (module is not null && !ModuleReader.Has(module, ModuleReader.ModuleAttribute))
        {
            module = module.ContainingType;
        }

        return new ClassModel(
            _name, MemberNames.FullName(_type), module is null ? null : MemberNames.FullName(module), PythonBase is null ? null : MemberNames.FullName(PythonBase), PythonBase is null ? null : NameOf(PythonBase), _type.IsSealed,
            DocComment.Of(_type, _cancellationToken, constructor?.Parameters), constructor, methods.ToEquatableArray(), properties.ToEquatableArray(), Abilities(methods),
            PlainBases.Select(static type => MemberNames.FullName(type.OriginalDefinition)).ToEquatableArray(), LocationInfo.Of(_type), _problems.ToEquatableArray());
    }

    /// <summary>Gets the base class if it is also a Python class: its members are inherited there.</summary>
    private INamedTypeSymbol? PythonBase =>
        _type.BaseType is { } baseType && ModuleReader.Has(baseType, ClassAttribute) ? baseType : null;

    /// <summary>Gets the bases that are not Python classes: their members are added to the class.</summary>
    private IEnumerable<INamedTypeSymbol> PlainBases
    {
        get
        {
            for (INamedTypeSymbol? type = _type.BaseType; type is { SpecialType: not SpecialType.System_Object } && !ModuleReader.Has(type, ClassAttribute); type = type.BaseType)
            {
                yield return type;
            }
        }
    }

    /// <summary>Gets the members of the class and of its bases, up to a base that is a Python class.</summary>
    private IEnumerable<TMember> Members<TMember>()
        where TMember : class, ISymbol
    {
        var seen = new HashSet<string>();
        foreach (INamedTypeSymbol type in PlainBases.Prepend(_type))
        {
            foreach (TMember member in type.GetMembers().OfType<TMember>())
            {
                // An override comes before the overridden member.
                if (member.IsOverride ? seen.Add(Signature(member)) : !seen.Contains(Signature(member)))
                {
                    yield return member;
                }
            }
        }
    }

    private static string Signature(ISymbol member) =>
        member is IMethodSymbol method ? $"{method.Name}({string.Join(",", method.Parameters.Select(static parameter => parameter.Type.ToDisplayString()))})" : member.Name;

    private static bool IsPythons(ISymbol member) =>
        !ModuleReader.Has(member, IgnoreAttribute)
        && !member.IsImplicitlyDeclared
        && (ModuleReader.Has(member, FunctionReader.FunctionAttribute)
            || (member.DeclaredAccessibility == Accessibility.Public
                && !s_mapped.Contains(member.Name)
                && member is IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol { IsStatic: false, IsIndexer: false }));

    private FunctionModel? ReadConstructor()
    {
        List<IMethodSymbol> constructors = [.. _type.InstanceConstructors.Where(static constructor =>
            constructor.DeclaredAccessibility == Accessibility.Public && !ModuleReader.Has(constructor, IgnoreAttribute))];
        if (_type.IsAbstract || constructors.Count == 0)
        {
            return null;
        }

        if (constructors.Count > 1)
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.SeveralConstructors, _type, _display, "several public constructors"));
            return null;
        }

        if (RequiredMember is { } required && !ModuleReader.Has(constructors[0], SetsRequiredMembers))
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.RequiredMember, _type, _display, required.Name));
            return null;
        }

        return _functions.Read(constructors[0], $"new {MemberNames.FullName(_type)}", "__init__");
    }

    /// <summary>Gets a member that the caller of a constructor has to set.</summary>
    private ISymbol? RequiredMember
    {
        get
        {
            for (INamedTypeSymbol? type = _type; type is not null; type = type.BaseType)
            {
                if (type.GetMembers().FirstOrDefault(static member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }) is { } required)
                {
                    return required;
                }
            }

            return null;
        }
    }

    private FunctionModel? ReadMethod(IMethodSymbol method)
    {
        string call = method.IsStatic ? $"{MemberNames.FullName(_type)}.{method.Name}" : $"self.{method.Name}";
        FunctionModel? read = _functions.Read(method, call, PythonNames.OfMethod(method.Name));
        if (read is { PythonName: "__init__" or "__new__" })
        {
            _problems.Add(DiagnosticInfo.Create(Diagnostics.SeveralConstructors, method, _display, $"a method {read.PythonName}"));
        }

        return read;
    }

    private PropertyModel? ReadProperty(IPropertySymbol property)
    {
        if (property.GetMethod is not { DeclaredAccessibility: Accessibility.Public } || property.RefKind != RefKind.None)
        {
            return null;
        }

        if (TypeMapper.Map(property.Type) is not { } type)
        {
            _problems.Add(DiagnosticInfo.Create(
                Diagnostics.NoConverter, property, $"property '{property.Name}' of '{_display}'", TypeMapper.Display(property.Type)));
            return null;
        }

        bool allowsNone = type.Python == "Any" || TypeMapper.IsNullable(property.Type);
        if (property.Type.IsReferenceType && allowsNone && type.Python != "Any")
        {
            type = type with { Python = type.Python + " | None" };
        }

        bool canWrite = property.SetMethod is { DeclaredAccessibility: Accessibility.Public, IsInitOnly: false };
        string name = MemberNames.Escaped(property.Name);
        return new PropertyModel(PythonNames.Of(property.Name), name, type, allowsNone, canWrite, DocComment.Of(property, _cancellationToken));
    }

    private ClassAbilities Abilities(List<FunctionModel> methods)
    {
        bool Has(string name) => methods.Any(method => method.PythonName == name);
        bool Implements(string name) => _type.AllInterfaces.Any(candidate => candidate.ToDisplayString() == name)
            && PythonBase?.AllInterfaces.Any(candidate => candidate.ToDisplayString() == name) != true;
        INamedTypeSymbol? stream = _type.AllInterfaces.FirstOrDefault(static candidate =>
            candidate.OriginalDefinition.ToDisplayString() == "System.Collections.Generic.IAsyncEnumerable<T>");
        TypeModel? items = stream is null || Has("__aiter__") ? null : TypeMapper.Map(stream.TypeArguments[0]);
        if (stream is not null && items is null && !Has("__aiter__"))
        {
            _problems.Add(DiagnosticInfo.Create(
                Diagnostics.NoConverter, _type, $"the items of '{_display}'", TypeMapper.Display(stream.TypeArguments[0])));
        }

        // `with` and `async with` are checked separately: methods that are written by name are kept.
        bool asyncContext = Implements("System.IAsyncDisposable"), context = Implements("System.IDisposable");
        return new ClassAbilities(
            asyncContext && !Has("__aenter__"),
            asyncContext && !Has("__aexit__"),
            context && !Has("__enter__"),
            context && !Has("__exit__"),
            items,
            items is null && Has("__anext__") && !Has("__aiter__"),
            !Has("__str__") && _type.GetMembers("ToString").OfType<IMethodSymbol>().Any(static method => method.IsOverride && method.Parameters.IsEmpty));
    }
}
