using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PyAsync.Interop;

// Not initialised with the other converters: a program without JSON does not load System.Text.Json.
public static partial class PyConvert
{
    /// <summary>
    /// Gets or sets the function that finds the converter of a type of JSON. A program that is compiled ahead of time has it if it uses one of the converters
    /// here: the others are free of the code of System.Text.Json.
    /// </summary>
    internal static Func<Type, PyConverter?>? FindJson { get; set; } = RuntimeFeature.IsDynamicCodeSupported ? FindJsonOnDemand : null;

    /// <summary>
    /// Plain values, as of <c>json.loads</c>: None, bool, int, float, str, list and dict; from tuple and Decimal too. Any other Python value is
    /// refused with a <see cref="PythonTypeErrorException"/>, and so are NaN and keys that are no str; more than
    /// 1,000 nested collections are refused with a <see cref="PythonRecursionException"/>. <c>None</c> is JSON's null.
    /// </summary>
    public static PyConverter<JsonElement> JsonElement => JsonConverters.Element;

    /// <summary>Plain values, as <see cref="JsonElement"/>. A document that comes from Python belongs to the caller. <c>None</c> is JSON's null.</summary>
    public static PyConverter<JsonDocument> JsonDocument => JsonConverters.Document;

    /// <summary>Plain values, as <see cref="JsonElement"/>. null is <c>None</c>.</summary>
    public static PyConverter<JsonNode?> JsonNode => JsonConverters.Node;

    /// <summary><c>dict</c>, of plain values. null is <c>None</c>.</summary>
    public static PyConverter<JsonObject?> JsonObject => JsonConverters.Object;

    /// <summary><c>list</c>, of plain values. null is <c>None</c>.</summary>
    public static PyConverter<JsonArray?> JsonArray => JsonConverters.Array;

    private static PyConverter? FindJsonOnDemand(Type type) =>
        type.Assembly != typeof(object).Assembly && type.Name.StartsWith("Json", StringComparison.Ordinal) ? JsonConverters.Find(type) : null;
}
