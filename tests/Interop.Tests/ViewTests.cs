using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Views of Python's sequences and mappings, and tuples of eight.</summary>
public sealed class ViewTests
{
    private static readonly Lazy<PyObject> s_module = new(static () => PyObject.ImportSource(
        """
        import collections, types

        class Counting(list):
            reads = 0
            def __getitem__(self, index):
                Counting.reads += 1
                return list.__getitem__(self, index)

        def value(text):
            return eval(text)

        def big():
            return list(range(1_000_000))
        """,
        "views"));

    [Theory]
    [InlineData("[1, 2, 3]")]
    [InlineData("(1, 2, 3)")]
    [InlineData("range(1, 4)")]
    [InlineData("collections.deque([1, 2, 3])")]
    [InlineData("Counting([1, 2, 3])")]
    public void List_AnySequence_IsViewed(string text)
    {
        using PyObject value = Value(text);
        using PyList<int> view = value.As<PyList<int>>();

        view.Count.ShouldBe(3);
        view[2].ShouldBe(3);
        view.ShouldBe([1, 2, 3]);
        Should.Throw<ArgumentOutOfRangeException>(() => view[3]).Message.ShouldContain("has 3 items");
        Should.Throw<ArgumentOutOfRangeException>(() => view[-1]);
    }

    [Fact]
    public void List_ConvertsOnlyTheItemsThatAreRead()
    {
        using PyObject value = Value("[1, 'two', None]");
        using PyList<int> view = value.As<PyList<int>>();

        view[0].ShouldBe(1);
        Should.Throw<PythonTypeErrorException>(() => view[1]).Message.ShouldStartWith("Item 1: a Python 'str' cannot be converted to System.Int32.");
        Should.Throw<PythonTypeErrorException>(() => view.ToList()).Message.ShouldStartWith("Item 1: ");

        using PyObject big = s_module.Value.CallMethod("big");
        using PyList<long> numbers = big.As<PyList<long>>();
        (numbers.Count, numbers[999_999]).ShouldBe((1_000_000, 999_999L));
    }

    [Fact]
    public void List_SeesChanges_AndIsTheSameObjectInPython()
    {
        using PyObject value = Value("[1]");
        using PyList<int> view = value.As<PyList<int>>();

        value.CallMethod("append", [2]);

        view.ShouldBe([1, 2]);
        using PyObject back = PyObject.From(view);
        using PyObject boxed = PyObject.From<object>(new List<object> { view });
        value.CallMethod("append", [3]);
        back.Repr().ShouldBe("[1, 2, 3]");
        boxed.Repr().ShouldBe("[[1, 2, 3]]");
    }

    [Fact]
    public void List_AfterDispose_RefusesUse()
    {
        using PyObject value = Value("[1]");
        var view = new PyList<int>(value, PyConvert.Int32);
        view.Dispose();
        Should.Throw<ObjectDisposedException>(() => view[0]);
        Should.Throw<ObjectDisposedException>(() => view.Count);
        value.Repr().ShouldBe("[1]");
    }

    [Theory]
    [InlineData("'text'")]
    [InlineData("b'x'")]
    [InlineData("{'a': 1}")]
    [InlineData("{1, 2}")]
    [InlineData("5")]
    [InlineData("iter([1])")]
    public void List_OtherValues_AreRefused(string text)
    {
        using PyObject value = Value(text);
        Should.Throw<PythonTypeErrorException>(() => value.As<PyList<int>>()).Message.ShouldContain("cannot be converted to PyAsync.Interop.PyList<System.Int32>.");
    }

    [Theory]
    [InlineData("{'a': 1, 'b': 2}")]
    [InlineData("collections.OrderedDict(a=1, b=2)")]
    [InlineData("types.MappingProxyType({'a': 1, 'b': 2})")]
    [InlineData("collections.ChainMap({'a': 1, 'b': 2})")]
    public void Dictionary_AnyMapping_IsViewed(string text)
    {
        using PyObject value = Value(text);
        using PyDictionary<string, int> view = value.As<PyDictionary<string, int>>();

        view.Count.ShouldBe(2);
        view["b"].ShouldBe(2);
        view.ContainsKey("c").ShouldBeFalse();
        view.TryGetValue("c", out _).ShouldBeFalse();
        view.ShouldBe([new("a", 1), new("b", 2)], ignoreOrder: true);
        view.Keys.Order().ShouldBe(["a", "b"]);
        view.Values.Order().ShouldBe([1, 2]);
        Should.Throw<KeyNotFoundException>(() => view["c"]).Message.ShouldContain("has no key 'c'.");
    }

    [Fact]
    public void Dictionary_ConvertsOnlyTheEntriesThatAreRead()
    {
        using PyObject value = Value("{'a': 1, 'b': 'two', 3: 4}");
        using PyDictionary<string, int> view = value.As<PyDictionary<string, int>>();

        view["a"].ShouldBe(1);
        Should.Throw<PythonTypeErrorException>(() => view["b"]).Message.ShouldStartWith("Key 'b': a Python 'str' cannot be converted to System.Int32.");
        Should.Throw<PythonTypeErrorException>(() => view.ToList()).Message.ShouldStartWith("Key 'b': ");
        Should.Throw<PythonTypeErrorException>(() => view.Keys.ToList()).Message.ShouldStartWith("A key: ");
    }

    [Fact]
    public void Dictionary_OfDefaults_GetsNoNewEntries()
    {
        using PyObject value = Value("collections.defaultdict(list)");
        using PyDictionary<string, PyObject> view = value.As<PyDictionary<string, PyObject>>();
        view.TryGetValue("a", out _).ShouldBeFalse();
        view.Count.ShouldBe(0);
    }

    [Fact]
    public void Dictionary_ThatChangesMeanwhile_FailsTheEnumeration()
    {
        using PyObject value = Value("{'a': 1, 'b': 2}");
        using PyDictionary<string, int> view = value.As<PyDictionary<string, int>>();
        Should.Throw<PythonException>(() =>
        {
            foreach (KeyValuePair<string, int> entry in view)
            {
                value[entry.Key + entry.Key] = value["a"];
            }
        }).Message.ShouldContain("changed size during iteration");
    }

    [Fact]
    public void Dictionary_OtherValues_AreRefused()
    {
        using PyObject value = Value("[1]");
        Should.Throw<PythonTypeErrorException>(() => value.As<PyDictionary<string, int>>());
    }

    [Fact]
    public void Views_Nested_WorkAndAcceptNone()
    {
        using PyObject value = Value("{'a': [1, 2], 'b': None}");
        using PyDictionary<string, PyList<int>> view = value.As<PyDictionary<string, PyList<int>>>();
        using PyList<int> list = view["a"];
        list.ShouldBe([1, 2]);
        view["b"].ShouldBeNull();
        view.Object.Length.ShouldBe(2);
    }

    [Fact]
    public void Tuple_OfEight_IsConverted()
    {
        var tuple = (1, "b", 3.5, true, 5L, "f", 7, 'h');
        using PyObject converted = PyObject.From(tuple);
        converted.Repr().ShouldBe("(1, 'b', 3.5, True, 5, 'f', 7, 'h')");
        converted.As<(int, string, double, bool, long, string, int, char)>().ShouldBe(tuple);
        using PyObject boxed = PyObject.From<object>(tuple);
        boxed.Repr().ShouldBe(converted.Repr());
        converted.As(PyConvert.Tuple(
            PyConvert.Int32, PyConvert.String, PyConvert.Double, PyConvert.Boolean, PyConvert.Int64, PyConvert.String, PyConvert.Int32, PyConvert.Char)).ShouldBe(tuple);
        Should.Throw<MissingConverterException>(() => PyObject.From((1, 2, 3, 4, 5, 6, 7, 8, 9)));
    }

    private static PyObject Value(string text) => s_module.Value.CallMethod("value", [text]);
}
