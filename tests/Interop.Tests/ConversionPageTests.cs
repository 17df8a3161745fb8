using System.Collections.Frozen;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The page docs/conversions.md describes the converters correctly: each row of its tables is tested.</summary>
public sealed class ConversionPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "conversions.md"));

    private const string Json = "{\"a\":[1,2.0,null]}";

    private static readonly DateTime s_day = new(2024, 7, 2, 0, 0, 0, DateTimeKind.Unspecified);

    // By the first two columns: the samples, which are converted to the text in the third column.
    private static readonly Dictionary<string, object?[]> s_samples = new()
    {
        ["`bool`"] = [true],
        ["`sbyte`, `byte`, `short`, `ushort`, `int`, `uint`, `long`, `ulong`"] = [(sbyte)5, (byte)5, (short)5, (ushort)5, 5, 5u, 5L, 5ul],
        ["`BigInteger`"] = [BigInteger.Pow(2, 70)],
        ["`double`, `float`"] = [1.5, 1.5f],
        ["`decimal`"] = [1.50m],
        ["`string`"] = ["text"],
        ["`char`"] = ['x'],
        ["`byte[]`, `ReadOnlyMemory<byte>`"] = [new byte[] { 1, 2 }, new ReadOnlyMemory<byte>([1, 2])],
        ["`DateTime` of unspecified kind"] = [s_day],
        ["`DateTime` of kind UTC"] = [DateTime.SpecifyKind(s_day, DateTimeKind.Utc)],
        ["`DateTimeOffset`"] = [new DateTimeOffset(s_day, TimeSpan.FromHours(2))],
        ["`TimeSpan`"] = [TimeSpan.FromSeconds(1)],
        ["`DateOnly`"] = [new DateOnly(2024, 7, 2)],
        ["`TimeOnly`"] = [new TimeOnly(1, 2)],
        ["`Guid`"] = [Guid.Empty],
        ["an enum"] = [default(DayOfWeek)],
        ["`int?`"] = [null],
        ["`List<int>`, `int[]`, `IList<int>`, `ICollection<int>`, `IEnumerable<int>`, `IReadOnlyList<int>`, `IReadOnlyCollection<int>`"] = [new List<int> { 1, 2 }, new[] { 1, 2 }],
        ["`HashSet<int>`, `ISet<int>`, `IReadOnlySet<int>`"] = [new HashSet<int> { 1 }],
        ["`Dictionary<string, int>`, `IDictionary<string, int>`, `IReadOnlyDictionary<string, int>`"] = [new Dictionary<string, int> { ["a"] = 1 }],
        ["`(int, string)`"] = [(1, "a")],
        ["`JsonElement`, `JsonDocument`, `JsonNode`, `JsonObject`"] =
            [JsonElement.Parse(Json), JsonDocument.Parse(Json), JsonNode.Parse(Json), JsonNode.Parse(Json)!.AsObject()],
        ["`JsonArray`"] = [new JsonArray(1)],
    };

    private static readonly Dictionary<string, Type> s_types = new()
    {
        ["bool"] = typeof(bool),
        ["long"] = typeof(long),
        ["BigInteger"] = typeof(BigInteger),
        ["double"] = typeof(double),
        ["string"] = typeof(string),
        ["byte[]"] = typeof(byte[]),
        ["List<object>"] = typeof(List<object>),
        ["PyTuple"] = typeof(PyTuple),
        ["HashSet<object>"] = typeof(HashSet<object>),
        ["FrozenSet<object>"] = typeof(FrozenSet<object>),
        ["Dictionary<object, object>"] = typeof(Dictionary<object, object>),
        ["DateTime"] = typeof(DateTime),
        ["DateTimeOffset"] = typeof(DateTimeOffset),
        ["DateOnly"] = typeof(DateOnly),
        ["TimeOnly"] = typeof(TimeOnly),
        ["TimeSpan"] = typeof(TimeSpan),
        ["decimal"] = typeof(decimal),
        ["Guid"] = typeof(Guid),
        ["PyObject"] = typeof(PyObject),
    };

    private static readonly Dictionary<string, Action<PyObject>> s_targets = new()
    {
        ["int"] = o => o.As<int>(),
        ["byte"] = o => o.As<byte>(),
        ["List<int>"] = o => o.As<List<int>>(),
        ["Dictionary<string, int[]>"] = o => o.As<Dictionary<string, int[]>>(),
        ["(int, int)"] = o => o.As<(int, int)>(),
        ["DateTimeOffset"] = o => o.As<DateTimeOffset>(),
        ["Line(string Name)"] = o => o.As<Line>(),
    };

    [Fact]
    public void Types_EachRow_IsWhatTheConvertersDo()
    {
        List<string> seen = [];
        foreach (string[] row in Rows("types").Where(row => row[0] != "`PyObject`"))
        {
            string name = s_samples.ContainsKey(row[0]) ? row[0] : $"{row[0]} {row[1]}";
            foreach (object? sample in s_samples[name])
            {
                using PyObject converted = PyObject.From(sample);
                converted.Repr().ShouldBe(Code(row[2]), name);
                if (sample is not null)
                {
                    using PyObject typed = (PyObject)typeof(PyObject).GetMethods().Single(method => method.Name == "From" && method.GetParameters().Length == 1)
                        .MakeGenericMethod(sample.GetType()).Invoke(null, [sample])!;
                    typed.Repr().ShouldBe(Code(row[2]), name);
                    typeof(PyObject).GetMethods().Single(method => method.Name == "As" && method.GetParameters().Length == 0)
                        .MakeGenericMethod(sample.GetType()).Invoke(typed, null).ShouldBeOfType(sample.GetType());
                }
            }

            seen.Add(name);
        }

        seen.ShouldBe(s_samples.Keys);
    }

    [Fact]
    public void Types_EachNamedCollection_HasAConverter()
    {
        foreach (Type type in new[]
        {
            typeof(IList<int>), typeof(ICollection<int>), typeof(IEnumerable<int>), typeof(IReadOnlyList<int>), typeof(IReadOnlyCollection<int>), typeof(ISet<int>),
            typeof(IReadOnlySet<int>), typeof(IDictionary<string, int>), typeof(IReadOnlyDictionary<string, int>), typeof(int?), typeof(ReadOnlyMemory<byte>), typeof(PyObject),
        })
        {
            ((PyConverter)typeof(PyConvert).GetMethod("For")!.MakeGenericMethod(type).Invoke(null, null)!).Type.ShouldBe(type);
        }
    }

    [Fact]
    public void Object_EachRow_IsWhatTheConverterDoes()
    {
        using PyObject module = PyObject.ImportSource("import collections, datetime, decimal, enum, uuid\ndef value(text): return eval(text)\ndef same(a, b): return type(a) is type(b) and (a == b or a is b)");
        string[][] rows = [.. Rows("object")];
        foreach (string[] row in rows)
        {
            using PyObject value = module.CallMethod("value", [Code(row[0])]);
            object? converted = value.As<object?>();
            if (Code(row[1]) == "null")
            {
                converted.ShouldBeNull();
            }
            else
            {
                converted.ShouldBeAssignableTo(s_types[Code(row[1])], row[0]);
            }

            using PyObject back = PyObject.From(converted);
            module.CallMethod("same", [value, back]).IsTrue().ShouldBe(true, row[0]);
        }

        rows.Select(row => Code(row[1])).Distinct().ShouldBe(s_types.Keys.Append("null"), ignoreOrder: true);
    }

    [Fact]
    public void Messages_EachRow_IsTheMessage()
    {
        using PyObject module = PyObject.ImportSource("import datetime\ndef value(text): return eval(text)");
        foreach (string[] row in Rows("messages"))
        {
            Match conversion = Regex.Match(row[0], "^`(?<value>.*)` to `(?<type>.*)`$");
            using PyObject value = module.CallMethod("value", [conversion.Groups["value"].Value]);

            Should.Throw<Exception>(() => s_targets[conversion.Groups["type"].Value](value)).Message.ShouldBe(row[1]);
        }
    }

    private static IEnumerable<string[]> Rows(string table)
    {
        string text = s_page[s_page.IndexOf($"<!-- table: {table} -->", StringComparison.Ordinal)..];
        return text.Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Trim('|', '\r').Split(" | ").Select(cell => cell.Trim()).ToArray());
    }

    private static string Code(string cell) => cell.Trim('`');
}
