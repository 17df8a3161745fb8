using System.Collections;
using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>No conversion ends the process: a value that contains itself, or is too deep, gives an exception.</summary>
[Collection("Deep objects")]
public sealed class NestingTests
{
    private const string Cycles = """
        import collections, sys
        a_list = []
        a_list.append(a_list)
        a_dict = {}
        a_dict["self"] = a_dict
        a_tuple = ([],)
        a_tuple[0].append(a_tuple)
        a_mixture = {"a": [({"b": []},)]}
        a_mixture["a"][0][0]["b"].append(a_mixture)
        class Node:
            def __hash__(self): return 1

        def nested(kind, depth):
            wrap = {list: lambda value: [value], tuple: lambda value: (value,), dict: lambda value: {"k": value}, frozenset: lambda value: frozenset([value])}[kind]
            value = kind()
            for _ in range(depth):
                value = wrap(value)
            return value
        """;

    public static TheoryData<string> Kinds => ["list", "tuple", "dict", "frozenset"];

    [Theory]
    [InlineData("a_list")]
    [InlineData("a_dict")]
    [InlineData("a_tuple")]
    [InlineData("a_mixture")]
    public void AsObject_ContainsItself_ThrowsThat(string name)
    {
        using PyObject module = PyObject.ImportSource(Cycles);
        using PyObject value = module.GetAttr(name);

        Should.Throw<PythonRecursionException>(() => value.As<object>()).Message.ShouldContain("contains itself");
        Should.Throw<PythonRecursionException>(() => PyObject.From(new[] { value }).As<List<object>>()).Message.ShouldContain("contains itself");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AsObject_Deep_ThrowsThat(string kind)
    {
        using PyObject module = PyObject.ImportSource(Cycles);
        using PyObject builtins = PyObject.Import("builtins");
        using PyObject type = builtins.GetAttr(kind);
        foreach (int depth in new[] { 1_000, 20_000, 1_000_000 })
        {
            using PyObject value = module.CallMethod("nested", [type, kind == "frozenset" ? Math.Min(depth, 20_000) : depth]);
            PythonRecursionException e = Should.Throw<PythonRecursionException>(() => value.As<object>());
            e.Message.ShouldContain("too deep");
            e.StackTrace!.Length.ShouldBeLessThan(10_000);
        }

        using PyObject allowed = module.CallMethod("nested", [type, 999]);
        using PyObject back = PyObject.From(allowed.As<object>());
        back.TypeName.ShouldBe(kind);
    }

    [Fact]
    public void FromObject_ContainsItself_ThrowsThat()
    {
        List<object?> list = [];
        list.Add(list);
        object?[] array = [null];
        array[0] = array;
        Dictionary<string, object?> dictionary = [];
        dictionary["self"] = new object[] { (1, dictionary) };
        HashSet<object> set = [];
        set.Add(PyTuple.Create([set]));

        foreach (object value in new object[] { list, array, dictionary, new Itself(), set })
        {
            Should.Throw<PythonRecursionException>(() => PyObject.From(value)).Message.ShouldContain("contains itself");
            using PyObject function = PyFunction.Create("f", _ => PyObject.From(value));
            Should.Throw<PythonRecursionException>(() => function.Call([value]));
        }

        Should.Throw<PythonRecursionException>(() => PyObject.From(list, PyConvert.List(PyConvert.Object)));
        Should.Throw<PythonRecursionException>(() => PyObject.From<object>(Endless())).Message.ShouldContain("too deep");
    }

    [Fact]
    public void FromObject_Deep_ThrowsThat()
    {
        foreach (int depth in new[] { 1_000, 20_000, 1_000_000 })
        {
            object list = new List<object>(), tuple = ValueTuple.Create(1), dictionary = new Dictionary<string, object>(), pyTuple = PyTuple.Create([]);
            for (int i = 0; i < depth; i++)
            {
                list = new List<object> { list };
                tuple = ValueTuple.Create(tuple);
                dictionary = new Dictionary<string, object> { ["k"] = dictionary };
                pyTuple = PyTuple.Create([pyTuple]);
            }

            foreach (object value in new[] { list, tuple, dictionary, pyTuple })
            {
                Should.Throw<PythonRecursionException>(() => PyObject.From(value)).Message.ShouldContain("too deep");
            }
        }
    }

    [Fact]
    public void Conversions_NearTheEndOfASmallStack_Throw()
    {
        using PyObject module = PyObject.ImportSource(Cycles);
        using PyObject list = module.GetAttr("a_list");
        using PyObject dict = module.GetAttr("a_dict");
        using PyObject deep = module.CallMethod("nested", [PyObject.Import("builtins").GetAttr("dict"), 900]);
        PyConverter<Dictionary<string, List<object?>>> typed = PyConvert.Dictionary(PyConvert.String, PyConvert.List(PyConvert.Object));
        int ended = 0;

        foreach (int size in new[] { 256 * 1024, 512 * 1024, 1024 * 1024 })
        {
            var thread = new Thread(
                () => Descend(() =>
                {
                    Should.Throw<PythonRecursionException>(() => list.As<object>());
                    Should.Throw<PythonRecursionException>(() => dict.As<object>());
                    ended += ConvertOrThrow(() => deep.As(PyConvert.Object));
                    ended += ConvertOrThrow(() => PyObject.From<object?>(new object[] { new object[] { 1 } }, PyConvert.Object).Dispose());
                    ended += ConvertOrThrow(() => PyObject.From(new() { ["a"] = [1] }, typed).As(typed));
                }),
                size);
            thread.Start();
            thread.Join();
        }

        ended.ShouldBe(9);
    }

    [Fact]
    public void OwnConverter_ThatCallsItself_ThrowsThat()
    {
        using PyObject module = PyObject.ImportSource(Cycles);
        using PyObject list = module.GetAttr("a_list");
        var node = new Node();
        node.Children.Add(node);

        Should.Throw<PythonRecursionException>(() => list.As(new NodeConverter()));
        Should.Throw<PythonRecursionException>(() => PyObject.From(node, new NodeConverter()));
    }

    private static int ConvertOrThrow(Action convert)
    {
        try
        {
            convert();
        }
        catch (PythonRecursionException)
        {
        }

        return 1;
    }

    /// <summary>Runs code with hardly any stack left.</summary>
    private static void Descend(Action code)
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            Descend(code);
            GC.KeepAlive(code);
        }
        else
        {
            code();
        }
    }

    private static IEnumerable Endless()
    {
        yield return Endless();
    }

    private sealed class Itself : IEnumerable
    {
        public IEnumerator GetEnumerator()
        {
            yield return this;
        }
    }

    private sealed class Node
    {
        public List<Node> Children { get; init; } = [];
    }

    private sealed class NodeConverter : PyConverter<Node>
    {
        public override PyObject ToPython(Node value) => PyObject.From(value.Children, PyConvert.List(this));

        public override Node FromPython(PyObject value) => new() { Children = value.As(PyConvert.List(this)) };
    }
}
