using System.Text.Json.Serialization;

namespace PyAsync.Tests;

[PyRecord]
public partial record Order(int Id, decimal Total, IReadOnlyList<Line> Lines, string? Note = null);

[PyRecord]
public readonly record struct Line(string Name, int Count = 1);

[PyRecord]
public sealed record Tree(string Name, IReadOnlyList<Tree> Children, Tree? Next = null);

[PyRecord(UnknownFields = PyUnknownFields.Refuse)]
public sealed record Strict(int MaxCount, [property: JsonPropertyName("max-size")] long MaxSize = 5);

[PyRecord(OmitNull = true)]
public sealed record Sparse([PyName("ident")] int Id, [property: PyName("name")] string? FullName = null, int? Age = null);

[PyRecord(PythonClass = "record_classes:Point")]
public sealed record Point(int X, int Y);

[PyRecord(PythonClass = "record_classes:Shapes.Pair")]
public record struct Pair(int First, int Second);

[PyRecord(PythonClass = "record_classes:Missing")]
public sealed record Homeless(int X);

/// <summary>A class without a parameter list: every kind of property.</summary>
[PyRecord]
public class Settings
{
    public required string Name { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = ["default"];

    public int Retries { get; set; } = 3;

    public TimeSpan? Timeout { get; init; }

    [JsonIgnore]
    public string Secret { get; set; } = "kept";

    public string Label => $"{Name}!";
}

[PyRecord]
public sealed class Derived : Settings
{
    public double Weight { get; init; } = 1;
}

[PyRecord]
public record struct Span
{
    public Span()
    {
    }

    public int Start { get; init; } = 1;

    public int End { get; set; } = 2;
}

[PyEnum(PyEnumForm.Name)]
public enum Shade
{
    Light,
    [JsonStringEnumMemberName("very-dark")]
    VeryDark,
}

[PyEnum(PyEnumForm.Name, PythonClass = "record_classes:Color")]
public enum Color
{
    [PyName("red")]
    Red,
    DarkBlue,
}

[PyEnum(PythonClass = "record_classes:Level")]
public enum Level
{
    None,
    Low = 1,
    High = 2,
}

[PyRecord]
public sealed record Painted(Shade Shade, Color? Color = null, IReadOnlyDictionary<string, Level>? Levels = null);

public sealed record Unmarked(int X);

[PyRecord(UnknownFields = PyUnknownFields.Refuse)]
public sealed record Holding(PyObject First, PyList<int> Numbers, int Count)
{
    public PyObject? Last { get; init; }
}

[PyRecord(PythonClass = "pydantic_models:Customer")]
public sealed record Customer(string Name, int Age = 0);
