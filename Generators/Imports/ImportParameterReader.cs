using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Imports;

/// <summary>Reads the parameters of a method.</summary>
/// <param name="display">The method's name for messages.</param>
/// <param name="result">The kind of its result.</param>
/// <param name="problems">The errors.</param>
internal sealed class ImportParameterReader(string display, ResultKind result, List<DiagnosticInfo> problems)
{
    private const string PositionalAttribute = "PyAsync.PyPositionalAttribute";

    private const string KeywordAttribute = "PyAsync.PyKeywordAttribute";

    private const string KwargsAttribute = "PyAsync.PyKwargsAttribute";

    public List<ImportParameter> Read(IMethodSymbol method)
    {
        List<ImportParameter> parameters = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (Read(parameter) is not { } read)
            {
                continue;
            }

            string? problem = read.Kind == ImportParameterKind.Token
                ? parameters.Any(static other => other.Kind == ImportParameterKind.Token) ? "is a second CancellationToken: remove it"
                    : result is ResultKind.Task or ResultKind.Stream ? null
                    : "is a CancellationToken, and the method is not asynchronous, so that nothing could be cancelled: let it return a Task, or remove the parameter"
                : parameters.Any(other => other.Kind != ImportParameterKind.Token && other.PythonName == read.PythonName) ? $"is a second '{read.PythonName}' in Python: set its name with [PyName(\"name\")]"
                : read.Kind == ImportParameterKind.Positional && parameters.Any(static other => other.Kind == ImportParameterKind.Ordinary)
                    ? "is marked [PyPositional] and follows one that is not: mark that one too"
                : null;
            if (problem is not null)
            {
                Report(parameter, problem);
            }

            parameters.Add(read);
        }

        return parameters;
    }

    private ImportParameter? Read(IParameterSymbol parameter)
    {
        int before = problems.Count;
        string declared = ImportTypes.Declared(parameter.Type);
        if (parameter.RefKind != RefKind.None)
        {
            Report(parameter, "is passed by reference, which Python cannot do: pass it by value");
            return null;
        }

        if (parameter.Type.ToDisplayString() == ResultShape.Token)
        {
            return new ImportParameter(parameter.Ordinal, "", ImportParameterKind.Token, declared, null, null, IsOptional: false, IsObject: false);
        }

        string name = ImportMemberReader.GivenName(parameter) ?? PythonNames.Of(parameter.Name);
        if (!PythonNames.IsIdentifier(name))
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NotAName, parameter, name, display));
        }

        ImportParameterKind kind = Kind(parameter);
        bool isOptional = parameter.Type.OriginalDefinition.ToDisplayString() == "PyAsync.PyOptional<T>";
        ITypeSymbol? value = kind switch
        {
            ImportParameterKind.Rest => (parameter.Type as IArrayTypeSymbol)?.ElementType,
            ImportParameterKind.Keywords => KwargsValue(parameter.Type),
            _ => isOptional ? ((INamedTypeSymbol)parameter.Type).TypeArguments[0] : parameter.Type,
        };
        if (value is null)
        {
            Report(parameter, kind == ImportParameterKind.Rest
                ? "is a params collection: let it be an array, which is *args in Python"
                : "is marked [PyKwargs]: let it be an IReadOnlyDictionary<string, T>, which is **kwargs in Python");
            return null;
        }

        if (value is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && CallbackEmitter.WrongToken(invoke) is { } wrong)
        {
            Report(parameter, wrong);
            return null;
        }

        if (new ImportTypes(name, $"'{parameter.Name}' of '{display}'").Map(value) is not { } mapped)
        {
            problems.Add(DiagnosticInfo.Create(Diagnostics.NoConverterInImport, parameter, $"parameter '{parameter.Name}' of '{display}'", TypeMapper.Display(parameter.Type)));
            return null;
        }

        string? defaultValue = isOptional || kind is ImportParameterKind.Rest or ImportParameterKind.Keywords ? null : DefaultValues.Of(parameter, mapped)?.CSharp;
        bool isObject = kind != ImportParameterKind.Keywords && ImportTypes.IsObject(value);
        return problems.Count > before ? null : new ImportParameter(parameter.Ordinal, name, kind, declared, mapped, defaultValue, isOptional, isObject);
    }

    private ImportParameterKind Kind(IParameterSymbol parameter)
    {
        List<(string Name, ImportParameterKind Kind)> kinds = [];
        void Add(bool has, string name, ImportParameterKind kind)
        {
            if (has)
            {
                kinds.Add((name, kind));
            }
        }

        Add(parameter.IsParams, "params", ImportParameterKind.Rest);
        Add(ModuleReader.Has(parameter, PositionalAttribute), "[PyPositional]", ImportParameterKind.Positional);
        Add(ModuleReader.Has(parameter, KeywordAttribute), "[PyKeyword]", ImportParameterKind.Keyword);
        Add(ModuleReader.Has(parameter, KwargsAttribute), "[PyKwargs]", ImportParameterKind.Keywords);
        if (kinds.Count > 1)
        {
            Report(parameter, $"is {string.Join(" and ", kinds.Select(static kind => kind.Name))}, which exclude each other: remove one");
        }

        return kinds.Count == 0 ? ImportParameterKind.Ordinary : kinds[0].Kind;
    }

    private static ITypeSymbol? KwargsValue(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments.Length: 2 } dictionary
        && dictionary.OriginalDefinition.ToDisplayString() is "System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>"
            or "System.Collections.Generic.IDictionary<TKey, TValue>" or "System.Collections.Generic.Dictionary<TKey, TValue>"
        && dictionary.TypeArguments[0].SpecialType == SpecialType.System_String
            ? dictionary.TypeArguments[1]
            : null;

    private void Report(IParameterSymbol parameter, string problem) =>
        problems.Add(DiagnosticInfo.Create(Diagnostics.ImportParameter, parameter, parameter.Name, display, problem));
}
