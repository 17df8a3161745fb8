using System.Text.Json;
using System.Text.Json.Nodes;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>JSON's types and plain Python values.</summary>
public sealed class JsonTests
{
    private static readonly Lazy<PyObject> s_module = new(static () => PyObject.ImportSource(
        """
        import datetime, decimal, enum, json

        def value(text):
            return eval(text)

        def nested(depth, kind):
            result = None
            for _ in range(depth):
                result = [result] if kind == "list" else {"a": result}
            return result

        def depth(value):
            result = 0
            while value is not None:
                value = value[0] if isinstance(value, list) else value["a"]
                result += 1
            return result

        def cyclic():
            result = []
            result.append(result)
            return result
        """,
        "json_values"));

    [Theory]
    [InlineData("null", "None")]
    [InlineData("true", "True")]
    [InlineData("5", "5")]
    [InlineData("-0", "0")]
    [InlineData("1180591620717411303424", "1180591620717411303424")]
    [InlineData("1.0", "1.0")]
    [InlineData("1e3", "1000.0")]
    [InlineData("1.5", "1.5")]
    [InlineData("\"te\\u00e9\\\"xt\"", "'teé\"xt'")]
    [InlineData("[1,[],{}]", "[1, [], {}]")]
    [InlineData("{\"a\":{\"b\":[null,false]},\"c\":\"d\"}", "{'a': {'b': [None, False]}, 'c': 'd'}")]
    public void ToPython_EveryKind_IsThatOfJsonLoads(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using PyObject fromElement = PyObject.From(document.RootElement);
        using PyObject fromDocument = PyObject.From(document);
        using PyObject fromNode = PyObject.From(JsonNode.Parse(json));
        using PyObject boxed = PyObject.From<object?>(JsonNode.Parse(json));
        using PyObject loaded = PyObject.Import("json").CallMethod("loads", [json]);
        foreach (PyObject converted in (PyObject[])[fromElement, fromDocument, fromNode, boxed, loaded])
        {
            converted.Repr().ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData("None", "null")]
    [InlineData("[True, 5, -7, 2 ** 70, 1.0, 1.5, 1e300, 'é\"']", "[true,5,-7,1180591620717411303424,1.0,1.5,1E+300,\"é\\u0022\"]")]
    [InlineData("{'a': (1, 2), 'b': {}}", "{\"a\":[1,2],\"b\":{}}")]
    [InlineData("[decimal.Decimal('1.50'), enum.IntEnum('E', 'A').A, enum.StrEnum('S', 'A').A]", "[1.50,1,\"a\"]")]
    public void FromPython_PlainValues_AreJson(string text, string expected)
    {
        using PyObject value = Value(text);
        JsonElement expectedElement = JsonElement.Parse(expected);
        JsonElement.DeepEquals(value.As<JsonElement>(), expectedElement).ShouldBeTrue();
        JsonNode.DeepEquals(value.As<JsonNode>(), JsonNode.Parse(expected)).ShouldBeTrue();
        using JsonDocument document = value.As<JsonDocument>();
        JsonElement.DeepEquals(document.RootElement, expectedElement).ShouldBeTrue();
        using PyObject back = PyObject.From(value.As<JsonElement>());
        using PyObject plain = Value($"json.loads(json.dumps({text}, default=float))");
        back.Repr().ShouldBe(plain.Repr());
    }

    [Fact]
    public void Nodes_MadeInCSharp_AreConverted()
    {
        var node = new JsonObject { ["when"] = new DateTime(2024, 7, 2, 0, 0, 0, DateTimeKind.Utc), ["price"] = 1.5m, ["list"] = new JsonArray(1, "a", null, true, 2.5, 'c') };
        using PyObject converted = PyObject.From(node);
        converted.Repr().ShouldBe("{'when': '2024-07-02T00:00:00Z', 'price': 1.5, 'list': [1, 'a', None, True, 2.5, 'c']}");
        converted.As<JsonObject>()!["list"]!.AsArray().Count.ShouldBe(6);
        using PyObject boxed = PyObject.From<object>(new object[] { node["list"]!, node["price"]!, JsonElement.Parse("[1]") });
        boxed.Repr().ShouldBe("[[1, 'a', None, True, 2.5, 'c'], 1.5, [1]]");
        Value("None").As<JsonObject>().ShouldBeNull();
    }

    [Theory]
    [InlineData("[1, {'a': object}]", "Item 1: key 'a': a Python 'type' cannot be converted to System.Text.Json.JsonElement: it has no form in JSON.")]
    [InlineData("{'a': datetime.date(2024, 7, 2)}", "Key 'a': a Python 'datetime.date' cannot be converted to System.Text.Json.JsonElement: it has no form in JSON.")]
    [InlineData("[{1, 2}]", "Item 0: a Python 'set' cannot be converted to System.Text.Json.JsonElement: it has no form in JSON.")]
    [InlineData("b'x'", "A Python 'bytes' cannot be converted to System.Text.Json.JsonElement: it has no form in JSON.")]
    [InlineData("{'a': {5: 6}}", "Key 'a': a Python 'dict' cannot be converted to System.Text.Json.JsonElement: it has the key 5, and the keys of JSON are texts.")]
    [InlineData("[float('nan')]", "Item 0: a Python 'float' cannot be converted to System.Text.Json.JsonElement: it is NaN, which JSON does not have.")]
    [InlineData("float('-inf')", "A Python 'float' cannot be converted to System.Text.Json.JsonElement: it is -Infinity, which JSON does not have.")]
    [InlineData("decimal.Decimal('sNaN12')", "A Python 'decimal.Decimal' cannot be converted to System.Text.Json.JsonElement: it is sNaN12, which JSON does not have.")]
    [InlineData("decimal.Decimal('NaN')", "A Python 'decimal.Decimal' cannot be converted to System.Text.Json.JsonElement: it is NaN, which JSON does not have.")]
    [InlineData("['\\ud800']", "Item 0: a Python 'str' cannot be converted to System.Text.Json.JsonElement: it has half of a surrogate pair, which JSON does not have.")]
    public void FromPython_OtherValues_AreRefused(string text, string message)
    {
        using PyObject value = Value(text);
        Should.Throw<PythonTypeErrorException>(() => value.As<JsonElement>()).Message.ShouldBe(message);
    }

    [Fact]
    public void FromPython_OtherKindOfNode_IsRefused()
    {
        using PyObject list = Value("[1]");
        Should.Throw<PythonTypeErrorException>(() => list.As<JsonObject>()).Message
            .ShouldBe("A Python 'list' cannot be converted to System.Text.Json.Nodes.JsonObject.");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("dict")]
    public void Nesting_UpToTheLimit_IsConverted(string kind)
    {
        using PyObject deepest = s_module.Value.CallMethod("nested", [1000, kind]);
        JsonElement element = deepest.As<JsonElement>();
        using PyObject back = PyObject.From(element);
        Depth(back).ShouldBe(1000);
        using PyObject fromNode = PyObject.From(deepest.As<JsonNode>());
        Depth(fromNode).ShouldBe(1000);

        using PyObject tooDeep = s_module.Value.CallMethod("nested", [1001, kind]);
        Should.Throw<PythonRecursionException>(() => tooDeep.As<JsonElement>()).Message.ShouldContain("is nested too deep: more than 1000 levels");

        string json = string.Concat(Enumerable.Repeat(kind == "list" ? "[" : "{\"a\":", 1002)) + "null" + new string(kind == "list" ? ']' : '}', 1002);
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 5000 });
        Should.Throw<PythonRecursionException>(() => PyObject.From(document.RootElement)).Message.ShouldContain("is nested too deep");
        Should.Throw<PythonRecursionException>(() => PyObject.From(JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = 5000 }))).Message.ShouldContain("is nested too deep");
    }

    [Fact]
    public void FromPython_ListThatContainsItself_IsRefused()
    {
        using PyObject cyclic = s_module.Value.CallMethod("cyclic");
        Should.Throw<PythonRecursionException>(() => cyclic.As<JsonNode>()).Message
            .ShouldBe("A Python 'list' cannot be converted to System.Text.Json.Nodes.JsonNode: it contains itself.");
    }

    [Fact]
    public void ToPython_ElementWithoutAValue_IsRefused() =>
        Should.Throw<ArgumentException>(() => PyObject.From(default(JsonElement))).Message.ShouldContain("A JsonElement without a value");

    private static int Depth(PyObject value) => s_module.Value.CallMethod<int>("depth", [value]);

    private static PyObject Value(string text) => s_module.Value.CallMethod("value", [text]);
}
