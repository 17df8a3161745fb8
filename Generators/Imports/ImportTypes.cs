using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Imports;

/// <summary>Selects the converters of the types in an interface: those of modules, proxies, and, for arguments, delegates.</summary>
/// <param name="callback">The name in Python of a function that is made of a delegate; null if delegates have no converter.</param>
/// <param name="source">The delegate's parameter, for messages of that function: "'onToken' of 'IWeather.SummarizeAsync'".</param>
internal sealed class ImportTypes(string? callback = null, string source = "")
{
    internal const string ProxyAttribute = "PyAsync.PyProxyAttribute";

    private const string Converters = "global::PyAsync.RuntimeConverters";

    /// <summary>Maps a type; null if there is no converter for it.</summary>
    public TypeModel? Map(ITypeSymbol type) => TypeMapper.MapPart(type, Special);

    /// <summary>True for an interface that describes objects of a Python class.</summary>
    public static bool IsProxy(ITypeSymbol type) => type.TypeKind == TypeKind.Interface && ModuleReader.Has(type, ProxyAttribute);

    /// <summary>True for a Python object, a proxy or view of one: the caller may dispose it right after the call.</summary>
    public static bool IsObject(ITypeSymbol type) => IsProxy(type) || TypeMapper.IsObject(type);

    /// <summary>Gets a type as it is declared.</summary>
    public static string Declared(ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    private TypeModel? Special(ITypeSymbol type)
    {
        string name = MemberNames.FullName(type);
        if (IsProxy(type))
        {
            return OfRuntime(name, $"TypedConvert.Proxy<{name}>(Runtime)", "object");
        }

        if (callback is not null && type is INamedTypeSymbol { TypeKind: TypeKind.Delegate, DelegateInvokeMethod: { } invoke })
        {
            return CallbackEmitter.Emit(name, callback, source, invoke, this) is { } converter ? OfRuntime(name, converter, "Callable") : null;
        }

        return Awaited(type, name);
    }

    /// <summary>Maps Tasks and streams that are arguments, or parts of other types.</summary>
    private TypeModel? Awaited(ITypeSymbol type, string name)
    {
        ResultShape shape = ResultShape.Of(type);
        string kind = shape.Kind == ResultKind.Stream ? "Stream" : shape.IsValueTask ? "ValueTask" : "Task";
        return shape.Kind is not (ResultKind.Task or ResultKind.Stream) ? null
            : shape.Type is null ? OfRuntime(name, $"{Converters}.{kind}Converter(Runtime)", "Awaitable")
            : Map(shape.Type) is { } value ? OfRuntime(name, $"{Converters}.{kind}Converter(Runtime, {value.Converter})", shape.Kind == ResultKind.Stream ? "AsyncIterator" : "Awaitable")
            : null;
    }

    private static TypeModel OfRuntime(string name, string converter, string python) => new(name, converter, python) { NeedsRuntime = true };
}
