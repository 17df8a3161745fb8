using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Imports;

/// <summary>Reads the members of an interface, also of one that the marked interface inherits. Errors are added to the problems.</summary>
/// <param name="type">The interface that declares the members.</param>
/// <param name="module">The module's name; null for a proxy.</param>
/// <param name="problems">The errors.</param>
internal sealed class ImportMemberReader(INamedTypeSymbol type, string? module, List<DiagnosticInfo> problems)
{
    private const string UsingName = "UsingAsync";

    private readonly string _interface = MemberNames.FullName(type);

    private bool IsProxy => module is null;

    /// <summary>Reads the methods. Members with a body are the author's.</summary>
    public IEnumerable<ImportMethod> Methods()
    {
        foreach (ISymbol member in type.GetMembers())
        {
            string display = Display(member);
            switch (member)
            {
                case { IsAbstract: true, IsStatic: true }:
                    problems.Add(DiagnosticInfo.Create(Diagnostics.ImportMember, member, display, "is static and abstract: remove it"));
                    break;
                case { IsAbstract: false } or INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null } or IPropertySymbol:
                    break;
                case IMethodSymbol method:
                    if (ReadMethod(method, display) is { } read)
                    {
                        yield return read;
                    }

                    break;
                default:
                    problems.Add(DiagnosticInfo.Create(Diagnostics.ImportMember, member, display, "is an event: a method with a delegate can register a callback"));
                    break;
            }
        }
    }

    /// <summary>Reads the properties and indexers.</summary>
    public IEnumerable<ImportProperty> Properties()
    {
        foreach (IPropertySymbol property in type.GetMembers().OfType<IPropertySymbol>().Where(static property => property is { IsAbstract: true, IsStatic: false }))
        {
            if (ReadProperty(property, Display(property)) is { } read)
            {
                yield return read;
            }
        }
    }

    /// <summary>Gets the name that an attribute sets; null for none.</summary>
    internal static string? GivenName(ISymbol symbol) => MemberNames.Argument(symbol, MemberNames.NameAttribute);

    private string Display(ISymbol member) => $"{MemberNames.Display(type)}.{(member is IPropertySymbol { IsIndexer: true } ? "this" : member.Name)}";

    private ImportMethod? ReadMethod(IMethodSymbol method, string display)
    {
        if (IsProxy && method.Name == UsingName)
        {
            return ReadUsing(method, display);
        }

        int before = problems.Count;
        if (method.IsGenericMethod)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ImportMember, method, display, "is generic: declare a method for each type"));
        }

        if (method.RefKind != RefKind.None)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ImportMember, method, display, "returns a reference: return a value"));
        }

        string name = GivenName(method) ?? PythonNames.OfMethod(method.Name);
        if (!name.Split('.').All(PythonNames.IsIdentifier) || (IsProxy && name.Contains('.')))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, method, name, display));
        }

        ResultShape shape = ResultShape.Of(method);
        TypeModel? value = shape.Type is null ? null : Map(new ImportTypes(), shape.Type, method, $"the result of '{display}'");
        List<ImportParameter> parameters = new ImportParameterReader(display, shape.Kind, problems).Read(method);
        return problems.Count > before
            ? null
            : new ImportMethod(
                _interface, MemberNames.Escaped(method.Name), name, display, ImportTypes.Declared(method.ReturnType), new ResultModel(shape.Kind, value, shape.IsValueTask), parameters.ToEquatableArray());
    }

    /// <summary>Reads the method that enters an object: <c>Task UsingAsync(Func&lt;T, CancellationToken, Task&gt; body, CancellationToken cancellationToken)</c>.</summary>
    private ImportMethod? ReadUsing(IMethodSymbol method, string display)
    {
        INamedTypeSymbol? body = method.Parameters.Length == 2 ? method.Parameters[0].Type as INamedTypeSymbol : null;
        string result = method.ReturnType.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString();
        bool fits = body?.OriginalDefinition.ToDisplayString() == "System.Func<T1, T2, TResult>"
            && body.TypeArguments[1].ToDisplayString() == ResultShape.Token
            && method.Parameters[1].Type.ToDisplayString() == ResultShape.Token
            && body.TypeArguments[2].ToDisplayString() is var returned
            && (method.TypeParameters.Length == 0
                ? result == "System.Threading.Tasks.Task" && returned == result
                : method.TypeParameters.Length == 1 && result.TrimEnd('?') is var task && task.Replace("?", "") == $"System.Threading.Tasks.Task<{method.TypeParameters[0].Name}>"
                    && returned == $"System.Threading.Tasks.Task<{method.TypeParameters[0].Name}>");
        if (!fits)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.UsingShape, method, display));
            return null;
        }

        if (Map(new ImportTypes(), body!.TypeArguments[0], method, $"the value that entering '{display}' gives") is not { } entered)
        {
            return null;
        }

        List<ImportParameter> parameters =
        [
            new ImportParameter(0, "body", ImportParameterKind.Ordinary, ImportTypes.Declared(body), null, null, IsOptional: false, IsObject: false),
            new ImportParameter(1, "token", ImportParameterKind.Token, ImportTypes.Declared(method.Parameters[1].Type), null, null, IsOptional: false, IsObject: false),
        ];
        return new ImportMethod(_interface, method.Name, "__aenter__", display, ImportTypes.Declared(method.ReturnType), new ResultModel(ResultKind.Task, null), parameters.ToEquatableArray())
        {
            Entered = entered,
            TypeParameter = method.TypeParameters.FirstOrDefault()?.Name,
        };
    }

    private ImportProperty? ReadProperty(IPropertySymbol property, string display)
    {
        int before = problems.Count;
        string? given = GivenName(property);
        string? name = property.IsIndexer || (IsProxy && property is { Name: "Count", SetMethod: null, Type.SpecialType: SpecialType.System_Int32 } && given is null)
            ? null
            : given ?? PythonNames.Of(property.Name);
        if (name is not null && !PythonNames.IsIdentifier(name))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, property, name, display));
        }

        if (property.RefKind != RefKind.None || property.SetMethod is { IsInitOnly: true })
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ImportMember, property, display, "is returned by reference, or can only be set at the start: use 'get' and 'set'"));
        }

        if (property.IsIndexer && (!IsProxy || property.Parameters.Length != 1))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ImportMember, property, display, "is an indexer: a [PyProxy] interface may have one with one parameter, which is __getitem__ and __setitem__"));
        }

        TypeModel? key = property.IsIndexer ? Map(new ImportTypes(), property.Parameters[0].Type, property, $"the key of '{display}'") : null;
        TypeModel? value = Map(new ImportTypes(), property.Type, property, $"'{display}'");
        return problems.Count > before || value is null
            ? null
            : new ImportProperty(
                _interface,
                property.IsIndexer ? "this" : MemberNames.Escaped(property.Name),
                name,
                display,
                ImportTypes.Declared(property.Type),
                value,
                key,
                property.IsIndexer ? ImportTypes.Declared(property.Parameters[0].Type) : null,
                property.GetMethod is not null,
                property.SetMethod is not null);
    }

    private TypeModel? Map(ImportTypes types, ITypeSymbol value, ISymbol at, string what)
    {
        TypeModel? mapped = types.Map(value);
        if (mapped is null)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NoConverterInImport, at, what, TypeMapper.Display(value)));
        }

        return mapped;
    }
}
