using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Imports;

/// <summary>Reads an interface marked <c>[PyImport]</c> or <c>[PyProxy]</c>.</summary>
internal static class ImportReader
{
    internal const string ImportAttribute = "PyAsync.PyImportAttribute";

    public static ImportModel Read(INamedTypeSymbol type, AttributeData attribute)
    {
        List<DiagnosticInfo> problems = [];
        string display = MemberNames.Display(type);
        bool isProxy = attribute.AttributeClass?.ToDisplayString() == ImportTypes.ProxyAttribute;
        string? module = isProxy ? null : attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        if (module is not null && !module.Split('.').All(PythonNames.IsIdentifier))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, type, module, display));
        }

        if (ModuleReader.WhyUnreachable(type) is { } why)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ImportShape, type, display, why));
        }

        if (!isProxy && ImportTypes.IsProxy(type))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ImportAndProxy, type, display));
        }

        List<ImportMethod> methods = [];
        List<ImportProperty> properties = [];
        List<ImportIteration> iterations = [];
        bool isDisposable = false;
        foreach (INamedTypeSymbol declaring in type.AllInterfaces.Insert(0, type))
        {
            string name = declaring.OriginalDefinition.ToDisplayString();
            if (isProxy && name == "System.IDisposable")
            {
                isDisposable = true;
            }
            else if (isProxy && name is "System.Collections.Generic.IAsyncEnumerable<T>" or "System.Collections.Generic.IEnumerable<T>")
            {
                ReadIteration(declaring, isAsync: name.Contains("Async"), type, display, iterations, problems);
            }
            else if (name.StartsWith("System.", StringComparison.Ordinal))
            {
                // The interface without a type parameter comes with the one that has it.
                if (!(isProxy && name == "System.Collections.IEnumerable" && type.AllInterfaces.Any(static other => other.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)))
                {
                    problems.Add(DiagnosticInfo.Create(Diagnostics.ImportBase, type, display, MemberNames.Display(declaring)));
                }
            }
            else
            {
                var reader = new ImportMemberReader(declaring, module, problems);
                methods.AddRange(reader.Methods());
                properties.AddRange(reader.Properties());
            }
        }

        return new ImportModel(
            EmittedNames.Of(MemberNames.FullName(type), isProxy ? "Proxy" : "Import"),
            MemberNames.FullName(type),
            display,
            module,
            isProxy && !isDisposable ? Declaration(type, display, problems) : null,
            methods.ToEquatableArray(),
            properties.ToEquatableArray(),
            iterations.ToEquatableArray(),
            problems.ToEquatableArray());
    }

    private static void ReadIteration(INamedTypeSymbol declaring, bool isAsync, INamedTypeSymbol type, string display, List<ImportIteration> iterations, List<DiagnosticInfo> problems)
    {
        if (new ImportTypes().Map(declaring.TypeArguments[0]) is { } item)
        {
            iterations.Add(new ImportIteration(isAsync, item));
        }
        else
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NoConverterInImport, type, $"an item of '{display}'", TypeMapper.Display(declaring.TypeArguments[0])));
        }
    }

    private static PartialDeclaration? Declaration(INamedTypeSymbol type, string display, List<DiagnosticInfo> problems)
    {
        List<string> types = [];
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            if (!IsPartial(current))
            {
                problems.Add(DiagnosticInfo.Create(Diagnostics.ProxyNotPartial, type, display, current.Name));
                return null;
            }

            types.Insert(0, $"{Keyword(current)} {MemberNames.Escaped(current.Name)}");
        }

        string declared = type.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted));
        return new PartialDeclaration(type.ContainingNamespace.IsGlobalNamespace ? "" : declared, types.ToEquatableArray());
    }

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.All(static declaration =>
        declaration.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax syntax
        && syntax.Modifiers.Any(static modifier => modifier.ValueText == "partial"));

    private static string Keyword(INamedTypeSymbol type) => (type.TypeKind, type.IsRecord) switch
    {
        (TypeKind.Interface, _) => "interface",
        (TypeKind.Struct, true) => "record struct",
        (TypeKind.Struct, false) => "struct",
        (_, true) => "record",
        _ => "class",
    };
}
