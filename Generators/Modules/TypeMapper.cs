using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules;

/// <summary>Selects the converter of a type, at compile time.</summary>
internal static class TypeMapper
{
    internal const string RecordAttribute = "PyAsync.PyRecordAttribute";

    private const string Convert = "PyConvert.";

    // The full name of a type → the converter and Python's name.
    private static readonly Dictionary<string, (string Converter, string Python)> s_simple = new()
    {
        ["bool"] = ("Boolean", "bool"),
        ["sbyte"] = ("SByte", "int"),
        ["byte"] = ("Byte", "int"),
        ["short"] = ("Int16", "int"),
        ["ushort"] = ("UInt16", "int"),
        ["int"] = ("Int32", "int"),
        ["uint"] = ("UInt32", "int"),
        ["long"] = ("Int64", "int"),
        ["ulong"] = ("UInt64", "int"),
        ["System.Numerics.BigInteger"] = ("BigInteger", "int"),
        ["double"] = ("Double", "float"),
        ["float"] = ("Single", "float"),
        ["decimal"] = ("Decimal", "decimal.Decimal"),
        ["string"] = ("String", "str"),
        ["char"] = ("Char", "str"),
        ["byte[]"] = ("Bytes", "bytes"),
        ["System.ReadOnlyMemory<byte>"] = ("ByteMemory", "bytes"),
        ["System.DateTime"] = ("DateTime", "datetime.datetime"),
        ["System.DateTimeOffset"] = ("DateTimeOffset", "datetime.datetime"),
        ["System.TimeSpan"] = ("TimeSpan", "datetime.timedelta"),
        ["System.DateOnly"] = ("DateOnly", "datetime.date"),
        ["System.TimeOnly"] = ("TimeOnly", "datetime.time"),
        ["System.Guid"] = ("Guid", "uuid.UUID"),
        ["System.Text.Json.JsonElement"] = ("JsonElement", "Any"),
        ["System.Text.Json.JsonDocument"] = ("JsonDocument", "Any"),
        ["System.Text.Json.Nodes.JsonNode"] = ("JsonNode", "Any"),
        ["System.Text.Json.Nodes.JsonObject"] = ("JsonObject", "dict[str, Any]"),
        ["System.Text.Json.Nodes.JsonArray"] = ("JsonArray", "list[Any]"),
        ["PyAsync.Interop.PyObject"] = ("PyObject", "Any"),
        ["object"] = ("Object", "Any"),
    };

    // The full name of an open generic type → the composing method and Python's name.
    private static readonly Dictionary<string, (string Method, string Python)> s_generic = new()
    {
        ["System.Collections.Generic.List<T>"] = ("List", "list"),
        ["System.Collections.Generic.IList<T>"] = ("IList", "list"),
        ["System.Collections.Generic.ICollection<T>"] = ("ICollection", "list"),
        ["System.Collections.Generic.IEnumerable<T>"] = ("Enumerable", "list"),
        ["System.Collections.Generic.IReadOnlyList<T>"] = ("ReadOnlyList", "list"),
        ["System.Collections.Generic.IReadOnlyCollection<T>"] = ("ReadOnlyCollection", "list"),
        ["System.Collections.Generic.HashSet<T>"] = ("Set", "set"),
        ["System.Collections.Generic.ISet<T>"] = ("ISet", "set"),
        ["System.Collections.Generic.IReadOnlySet<T>"] = ("ReadOnlySet", "set"),
        ["System.Collections.Generic.Dictionary<TKey, TValue>"] = ("Dictionary", "dict"),
        ["System.Collections.Generic.IDictionary<TKey, TValue>"] = ("IDictionary", "dict"),
        ["System.Collections.Generic.IReadOnlyDictionary<TKey, TValue>"] = ("ReadOnlyDictionary", "dict"),
        ["PyAsync.Interop.PyList<T>"] = ("ListView", "list"),
        ["PyAsync.Interop.PyDictionary<TKey, TValue>"] = ("DictionaryView", "dict"),
    };

    /// <summary>Maps a type; null if there is no converter for it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="special">Maps further types, also as parts of the type; null for none.</param>
    public static TypeModel? Map(ITypeSymbol type, Func<ITypeSymbol, TypeModel?>? special = null)
    {
        if (special?.Invoke(type) is { } mapped)
        {
            return mapped;
        }

        string name = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers));
        if (s_simple.TryGetValue(name, out (string Converter, string Python) simple))
        {
            return new TypeModel(MemberNames.FullName(type), Convert + simple.Converter, simple.Python);
        }

        return type switch
        {
            IArrayTypeSymbol { Rank: 1 } array => Compose(type, special, "Array", "list", array.ElementType),
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable =>
                Map(nullable.TypeArguments[0], special) is { } inner ? new TypeModel(MemberNames.FullName(type), $"{Convert}Nullable({inner.Converter})", inner.Python + " | None") { Enums = inner.Enums, NeedsRuntime = inner.NeedsRuntime } : null,
            INamedTypeSymbol { TypeKind: TypeKind.Enum } number => Enum(number),
            INamedTypeSymbol { TypeKind: TypeKind.Class } named when ModuleReader.Has(named, ClassReader.ClassAttribute) =>
                new TypeModel(MemberNames.FullName(type), $"{Convert}Class<{MemberNames.FullName(type)}>()", ClassReader.NameOf(named)),
            INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } named when ModuleReader.Has(named, RecordAttribute) =>
                new TypeModel(MemberNames.FullName(type), $"{Convert}Record<{MemberNames.FullName(type)}>()", "dict[str, Any]"),
            INamedTypeSymbol { IsTupleType: true, TupleElements.Length: <= 8 } tuple => Compose(type, special, "Tuple", "tuple", [.. tuple.TupleElements.Select(static element => element.Type)]),
            INamedTypeSymbol { IsGenericType: true } generic when s_generic.TryGetValue(generic.OriginalDefinition.ToDisplayString(), out (string Method, string Python) known) =>
                Compose(type, special, known.Method, known.Python, [.. generic.TypeArguments]),
            _ => null,
        };
    }

    /// <summary>Gets a type in C# syntax, for messages; for an array with an unsupported rank, with the rank.</summary>
    public static string Display(ITypeSymbol type)
    {
        string name = type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat.RemoveMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.UseAsterisksInMultiDimensionalArrays));
        return type is IArrayTypeSymbol { Rank: > 1 } array ? $"{name} (rank {array.Rank})" : name;
    }

    /// <summary>True if null, and so <c>None</c>, is a value of the type.</summary>
    public static bool IsNullable(ITypeSymbol type) => type.IsReferenceType
        ? type.NullableAnnotation != NullableAnnotation.NotAnnotated
        : type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    /// <summary>True for a Python object or a view of one, which its owner disposes.</summary>
    public static bool IsObject(ITypeSymbol type) => type.OriginalDefinition.ToDisplayString().TrimEnd('?')
        is "PyAsync.Interop.PyObject" or "PyAsync.Interop.PyList<T>" or "PyAsync.Interop.PyDictionary<TKey, TValue>";

    private static TypeModel Enum(INamedTypeSymbol type)
    {
        bool isByName = EnumTexts.IsByName(type);
        EnumModel? model = isByName ? null : EnumReader.Read(type);
        return new TypeModel(MemberNames.FullName(type), $"{Convert}Enum<{MemberNames.FullName(type)}>()", model?.PythonName ?? (isByName ? "str" : "int")) { Enums = new[] { model }.OfType<EnumModel>().ToEquatableArray() };
    }

    /// <summary>Maps a part of a composed type: a reference type that is nullable takes <c>None</c>.</summary>
    public static TypeModel? MapPart(ITypeSymbol type, Func<ITypeSymbol, TypeModel?>? special = null) =>
        Map(type, special) is not { } part ? null
        : type.IsReferenceType && IsNullable(type) && part.Python != "Any"
            ? part with { Converter = $"{Convert}OrNull({part.Converter})", Python = part.Python + " | None" }
            : part;

    private static TypeModel? Compose(ITypeSymbol type, Func<ITypeSymbol, TypeModel?>? special, string method, string python, params ITypeSymbol[] parts)
    {
        List<TypeModel> mapped = [.. parts.Select(part => MapPart(part, special)).OfType<TypeModel>()];
        return mapped.Count == parts.Length
            ? new TypeModel(
                MemberNames.FullName(type),
                $"{Convert}{method}({string.Join(", ", mapped.Select(static part => part.Converter))})",
                $"{python}[{string.Join(", ", mapped.Select(static part => part.Python))}]")
            {
                Enums = mapped.SelectMany(static part => part.Enums).ToEquatableArray(),
                NeedsRuntime = mapped.Any(static part => part.NeedsRuntime),
            }
            : null;
    }
}
