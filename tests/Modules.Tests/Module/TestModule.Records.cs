using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PyAsync.Tests;

internal static partial class TestModule
{
    [PyRecord]
    public sealed record Order(int Id, decimal Total, IReadOnlyList<OrderLine> Lines, string? Note = null);

    [PyRecord(UnknownFields = PyUnknownFields.Refuse)]
    public readonly record struct OrderLine(string Name, [property: JsonPropertyName("how_many")] int Count = 1);

    [PyRecord(PythonClass = "types:SimpleNamespace")]
    public sealed class Parcel
    {
        public required double Weight { get; init; }

        public Shade Shade { get; init; } = Shade.VeryDark;

        public Parcel? Inner { get; init; }
    }

    [PyEnum(PyEnumForm.Name)]
    public enum Shade
    {
        Light,
        VeryDark,
    }

    /// <summary>Doubles each line.</summary>
    [PyFunction]
    public static Order Doubled(Order order) => order with { Lines = [.. order.Lines, .. order.Lines] };

    [PyFunction]
    public static async Task<IReadOnlyDictionary<string, OrderLine?>> ByNameAsync(IEnumerable<OrderLine?> lines)
    {
        await Task.Yield();
        return lines.ToDictionary(line => line?.Name ?? "", line => line);
    }

    [PyFunction]
    public static async IAsyncEnumerable<OrderLine> CountUp(OrderLine line)
    {
        for (int i = 0; i < line.Count; i++)
        {
            await Task.Yield();
            yield return line with { Count = i };
        }
    }

    [PyFunction]
    public static Parcel Wrap(Parcel parcel, Shade shade = Shade.Light) => new() { Weight = parcel.Weight + 1, Shade = shade, Inner = parcel };

    [PyFunction]
    public static object AnyOrder() => new object[] { new OrderLine("a"), Shade.Light };

    [PyFunction]
    public static JsonElement SameJson(JsonElement json) => json;

    [PyFunction]
    public static JsonNode? Member(JsonObject json, string name) => json[name]?.DeepClone();

    [PyFunction]
    public static (int, int, int, int, int, int, int, int) Shifted((int, int, int, int, int, int, int, int) tuple) =>
        (tuple.Item8, tuple.Item1, tuple.Item2, tuple.Item3, tuple.Item4, tuple.Item5, tuple.Item6, tuple.Item7);

    [PyFunction]
    public static int At(Interop.PyList<int> list, int index) => list[index];
}
