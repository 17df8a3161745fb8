using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PyAsync.Conversion;

/// <summary>The converters of JSON's types.</summary>
internal static class JsonConverters
{
    static JsonConverters() => PyConvert.FindJson ??= Find;

    public static PyConverter<JsonElement> Element { get; } = new JsonElementConverter();

    public static PyConverter<JsonDocument> Document { get; } = new JsonDocumentConverter();

    public static PyConverter<JsonNode?> Node { get; } = new JsonNodeConverter<JsonNode>();

    public static PyConverter<JsonObject?> Object { get; } = new JsonNodeConverter<JsonObject>();

    public static PyConverter<JsonArray?> Array { get; } = new JsonNodeConverter<JsonArray>();

    /// <summary>Gets the converter for a type; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PyConverter? Find(Type type) =>
        type == typeof(JsonElement) ? Element
        : type == typeof(JsonDocument) ? Document
        : type == typeof(JsonObject) ? Object
        : type == typeof(JsonArray) ? Array
        : typeof(JsonNode).IsAssignableFrom(type) ? Node
        : null;
}

/// <summary>Converts <see cref="JsonElement"/> and plain values.</summary>
internal sealed class JsonElementConverter : ReferenceConverter<JsonElement>
{
    internal override NewReference ToReference(JsonElement value) => JsonToPython.Convert(value);

    internal override JsonElement FromReference(BorrowedReference value)
    {
        var reader = new Utf8JsonReader(JsonFromPython.Write(value, typeof(JsonElement)).Span, new JsonReaderOptions { MaxDepth = JsonFromPython.Parsing.MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }
}

/// <summary>Converts <see cref="JsonDocument"/> and plain values; null becomes <c>None</c>. A document from Python belongs to the caller.</summary>
internal sealed class JsonDocumentConverter : ReferenceConverter<JsonDocument>
{
    internal override NewReference ToReference(JsonDocument value) =>
        value is null ? NewReference.From(InterpreterState.Current.None) : JsonToPython.Convert(value.RootElement);

    internal override JsonDocument FromReference(BorrowedReference value) =>
        JsonDocument.Parse(JsonFromPython.Write(value, typeof(JsonDocument)), JsonFromPython.Parsing);
}

/// <summary>Converts <see cref="JsonNode"/>, or one of its kinds, and plain values; null is <c>None</c>.</summary>
internal sealed class JsonNodeConverter<TNode> : ReferenceConverter<TNode?>
    where TNode : JsonNode
{
    internal override NewReference ToReference(TNode? value) => JsonToPython.Convert(value);

    internal override TNode? FromReference(BorrowedReference value) =>
        JsonNode.Parse(JsonFromPython.Write(value, typeof(TNode)).Span, documentOptions: JsonFromPython.Parsing) switch
        {
            null => null,
            TNode node => node,
            _ => throw ConversionErrors.WrongType(value, typeof(TNode)),
        };
}
