using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Imports;

/// <summary>Selects the converters of the types in an interface: those of modules, proxies, and, for arguments, delegates.</summary>
/// <param name="callback">The name in Python of a function that is made of a delegate; null if delegates have no converter.</param>
internal sealed class ImportTypes(string? callback = null)
{
    internal const string ProxyAttribute = "PyAsync.PyProxyAttribute";

    /// <summary>Maps a type; null if there is no converter for it.</summary>
    public TypeModel? Map(ITypeSymbol type) => TypeMapper.MapPart(type, Special);

    /// <summary>True for an interface that describes objects of a Python class.</summary>
    public static bool IsProxy(ITypeSymbol type) => type.TypeKind == TypeKind.Interface && ModuleReader.Has(type, ProxyAttribute);

    /// <summary>Gets a type as it is declared.</summary>
    public static string Declared(ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier));

    private TypeModel? Special(ITypeSymbol type)
    {
        string name = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return IsProxy(type) ? new TypeModel(name, $"TypedConvert.Proxy<{name}>(Runtime)", "object") { NeedsRuntime = true }
            : callback is not null && type is INamedTypeSymbol { TypeKind: TypeKind.Delegate, DelegateInvokeMethod: { } invoke } && CallbackEmitter.Emit(name, callback, invoke, this) is { } converter
                ? new TypeModel(name, converter, "Callable") { NeedsRuntime = true }
                : null;
    }
}
