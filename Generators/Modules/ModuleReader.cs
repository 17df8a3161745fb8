using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>Reads a class marked <c>[PyModule]</c>.</summary>
internal static class ModuleReader
{
    internal const string ModuleAttribute = "PyAsync.PyModuleAttribute";

    internal const string InitAttribute = "PyAsync.PyModuleInitAttribute";

    public static ModuleModel Read(INamedTypeSymbol type, AttributeData attribute, CancellationToken cancellationToken)
    {
        List<DiagnosticInfo> problems = [];
        string name = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        string display = MemberNames.Display(type);
        if (!name.Split('.').All(PythonNames.IsIdentifier))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, type, name, display));
        }

        // An abstract class can be a type argument, of AddModule, and has no objects either.
        if (type is { IsStatic: false, IsAbstract: false })
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ModuleNotStatic, type, display));
        }

        if (WhyUnreachable(type) is { } why)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.ModuleNotReachable, type, display, why));
        }

        string csharp = MemberNames.FullName(type);
        var reader = new FunctionReader(owner: null, problems, cancellationToken);
        List<FunctionModel> functions = [];
        List<ConstantModel> constants = [];
        string? init = null;
        IMethodSymbol? firstInit = null;
        foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (Has(method, FunctionReader.FunctionAttribute) && reader.Read(method, $"{csharp}.{method.Name}", PythonNames.OfMethod(method.Name)) is { } function)
            {
                if (functions.Any(other => other.PythonName == function.PythonName))
                {
                    problems.Add(DiagnosticInfo.Create(Diagnostics.SameName, method, function.PythonName, display));
                }

                functions.Add(function);
            }

            if (Has(method, InitAttribute))
            {
                if (firstInit is not null)
                {
                    problems.Add(DiagnosticInfo.Create(Diagnostics.SecondInit, method, method.Name, firstInit.Name));
                }

                firstInit ??= method;
                init = ReadInit(method, csharp, problems);
            }
        }

        foreach (ISymbol member in type.GetMembers().Where(static member => Has(member, ConstantReader.ConstantAttribute)))
        {
            if (ConstantReader.Read(member, problems, cancellationToken) is { } constant)
            {
                if (functions.Any(other => other.PythonName == constant.PythonName) || constants.Any(other => other.PythonName == constant.PythonName))
                {
                    problems.Add(DiagnosticInfo.Create(Diagnostics.SameName, member, constant.PythonName, display));
                }

                constants.Add(constant);
            }
        }

        return new ModuleModel(
            name, csharp, DocComment.Of(type, cancellationToken), functions.ToEquatableArray(), constants.ToEquatableArray(), init, LocationInfo.Of(type), problems.ToEquatableArray());
    }

    public static string? WhyUnreachable(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.ContainingType)
        {
            if (current.Arity > 0)
            {
                return current.Equals(type, SymbolEqualityComparer.Default) ? "is generic" : $"is in the generic type {current.Name}";
            }

            if (current.IsHidden() || current.IsFileLocal)
            {
                return current.Equals(type, SymbolEqualityComparer.Default) ? "is private" : $"is in {current.Name}, which other files cannot see";
            }
        }

        return null;
    }

    public static bool Has(ISymbol symbol, string attribute) => MemberNames.Find(symbol, attribute) is not null;

    private static string? ReadInit(IMethodSymbol method, string csharp, List<DiagnosticInfo> problems)
    {
        List<string> arguments = [.. method.Parameters.Select(static parameter => parameter.Type.ToDisplayString() switch
        {
            "PyAsync.Interop.PyObject" => "module.Module",
            "PyAsync.IRuntime" => "module.Runtime.Runtime",
            _ => "",
        })];
        bool fits = method is { IsStatic: true, ReturnsVoid: true, IsAsync: false, IsGenericMethod: false }
            && !method.IsHidden()
            && arguments.All(static argument => argument.Length > 0);
        if (!fits)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.InitShape, method, MemberNames.Display(method)));
            return null;
        }

        return $"{csharp}.{method.Name}({string.Join(", ", arguments)})";
    }
}
