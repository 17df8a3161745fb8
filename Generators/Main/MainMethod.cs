using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PyAsync.Generators.Main;

/// <summary>The data of a method marked <c>[PyAsyncMain]</c> on which the generated entry point depends.</summary>
internal sealed record MainMethod(
    string DisplayName,
    string Call,
    EquatableArray<string> Arguments,
    EquatableArray<string> Settings,
    LocationInfo? Location,
    EquatableArray<DiagnosticInfo> Problems)
{
    public const string Attribute = "PyAsync.PyAsyncMainAttribute";

    private const string Args = "args";
    private const string Runtime = "runtime";
    private const string Token = "cancellationToken";

    public static bool IsMarked(ISymbol symbol) => ModuleReader.Has(symbol, Attribute);

    public static MainMethod From(IMethodSymbol method, AttributeData attribute)
    {
        var problems = new List<DiagnosticInfo>();
        string name = MemberNames.Display(method);
        if (!method.IsStatic)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.MainNotStatic, method, name));
        }

        if (!ReturnsTaskOrTaskOfInt(method))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.MainReturnType, method, name, method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        }

        if (WhyUnreachable(method) is { } why)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.MainNotReachable, method, name, why));
        }

        if (IsEntryPoint(method))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.MainIsEntryPoint, method, name));
        }

        return new MainMethod(
            name,
            $"{MemberNames.FullName(method.ContainingType)}.{MemberNames.Escaped(method.Name)}",
            ArgumentsFor(method, name, problems).ToEquatableArray(),
            attribute.NamedArguments.Select(static argument => $"{argument.Key} = {argument.Value.ToCSharpString()}").ToEquatableArray(),
            LocationInfo.Of(method),
            problems.ToEquatableArray());
    }

    private static List<string> ArgumentsFor(IMethodSymbol method, string name, List<DiagnosticInfo> problems)
    {
        var arguments = new List<string>();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            string? argument = parameter.RefKind != RefKind.None ? null : parameter.Type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString() switch
            {
                "string[]" => Args,
                "PyAsync.IRuntime" => Runtime,
                "System.Threading.CancellationToken" => Token,
                _ => null,
            };
            if (argument is null || arguments.Contains(argument))
            {
                problems.Add(DiagnosticInfo.Create(
                    Diagnostics.MainParameter, parameter, parameter.Name, name, parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
            }
            else
            {
                arguments.Add(argument);
            }
        }

        return arguments;
    }

    private static bool ReturnsTaskOrTaskOfInt(IMethodSymbol method) =>
        method.ReturnType.ToDisplayString() is "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task<int>";

    private static string? WhyUnreachable(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return "is a function within another method";
        }

        if (method.IsGenericMethod)
        {
            return "is generic";
        }

        if (method.IsHidden())
        {
            // A method without a modifier is private too, as main methods usually are.
            return "is private";
        }

        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
            {
                return $"is in the generic type {type.Name}";
            }

            if (type.IsHidden() || type.IsFileLocal)
            {
                return $"is in {type.Name}, which other files cannot see";
            }
        }

        return null;
    }

    /// <summary>True if C# itself takes the method as the program's entry point.</summary>
    private static bool IsEntryPoint(IMethodSymbol method) =>
        method.Name == "Main" && method.IsStatic && !method.IsGenericMethod
        && (method.Parameters.Length == 0 || (method.Parameters.Length == 1 && method.Parameters[0].Type.ToDisplayString() == "string[]"));
}
