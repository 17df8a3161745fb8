using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Types marked [PyRecord], and the forms of Python that they are read from and become.</summary>
public sealed partial class RecordTests
{
    private const string Source = """
        import collections, dataclasses, enum, sqlite3, sys, types, typing

        @dataclasses.dataclass
        class Order:
            id: int
            total: object
            lines: list
            note: str | None = None

        @dataclasses.dataclass(slots=True)
        class Line:
            name: str
            count: int = 1

        class LineTuple(typing.NamedTuple):
            name: str
            count: int = 1

        class LineDict(typing.TypedDict):
            name: str
            count: int

        class Attributes:
            def __init__(self, **values):
                self.__dict__.update(values)

        class Dumping:
            def __init__(self, **values):
                self._values = values
                self.dumps = 0

            def model_dump(self):
                self.dumps += 1
                return self._values

        class Mapping(collections.abc.Mapping):
            def __init__(self, values):
                self._values = values
            def __getitem__(self, key):
                return self._values[key]
            def __iter__(self):
                return iter(self._values)
            def __len__(self):
                return len(self._values)

        class Failing:
            @property
            def name(self):
                raise RuntimeError("no name today")

        @dataclasses.dataclass(frozen=True)
        class Point:
            x: int
            y: int

        class Shapes:
            class Pair(typing.NamedTuple):
                first: int
                second: int

        class Color(enum.Enum):
            RED = "red"
            DARK_BLUE = "blue"

        class Level(enum.Enum):
            LOW = 1
            HIGH = 2

        class Text(enum.StrEnum):
            DARK = "very-dark"

        def row():
            connection = sqlite3.connect(":memory:")
            connection.row_factory = sqlite3.Row
            found = connection.execute("select 'nut' as name, 3 as count").fetchone()
            connection.close()
            return found

        sys.modules["record_classes"] = types.SimpleNamespace(Point=Point, Shapes=Shapes, Color=Color, Level=Level)

        def value(text):
            return eval(text)
        """;

    private static readonly Lazy<PyObject> s_module = new(static () => PyObject.ImportSource(Source, "records"));

    [Fact]
    public void RoundTrip_NestedRecord_IsADict()
    {
        var order = new Order(7, 1.50m, [new Line("nut", 3), new Line("bolt")], "fragile");

        using PyObject converted = PyObject.From(order);

        converted.Repr().ShouldBe("{'id': 7, 'total': Decimal('1.50'), 'lines': [{'name': 'nut', 'count': 3}, {'name': 'bolt', 'count': 1}], 'note': 'fragile'}");
        Order back = converted.As<Order>();
        back.ShouldBe(order with { Lines = back.Lines });
        back.Lines.ShouldBe(order.Lines);
    }

    [Theory]
    [InlineData("{'name': 'nut', 'count': 3}")]
    [InlineData("LineDict(name='nut', count=3)")]
    [InlineData("collections.OrderedDict(name='nut', count=3)")]
    [InlineData("Line('nut', 3)")]
    [InlineData("LineTuple('nut', 3)")]
    [InlineData("Attributes(name='nut', count=3)")]
    [InlineData("types.SimpleNamespace(name='nut', count=3)")]
    [InlineData("types.MappingProxyType({'name': 'nut', 'count': 3})")]
    [InlineData("Mapping({'name': 'nut', 'count': 3})")]
    [InlineData("Dumping(name='nut', count=3)")]
    [InlineData("row()")]
    [InlineData("Attributes(name='nut', count=3, keys=1)")]
    [InlineData("{'name': 'nut', 'count': 3, 'other': 1, 5: 6}")]
    public void Read_EveryForm_GivesTheRecord(string text) => Value<Line>(text).ShouldBe(new Line("nut", 3));

    [Theory]
    [InlineData("{'name': 'nut'}")]
    [InlineData("collections.defaultdict(list, name='nut')")]
    [InlineData("Attributes(name='nut')")]
    [InlineData("Mapping({'name': 'nut'})")]
    [InlineData("Dumping(name='nut')")]
    public void Read_MissingOptionalField_GivesTheDefault(string text) => Value<Line>(text).ShouldBe(new Line("nut", 1));

    [Fact]
    public void Read_NamedTupleWithAFieldKeys_IsNoMapping() =>
        Value<Line>("collections.namedtuple('T', 'name count keys')('nut', 3, 1)").ShouldBe(new Line("nut", 3));

    [Fact]
    public void Read_ModelDump_IsCalledOnce()
    {
        using PyObject dumping = Evaluate("Dumping(name='nut', count=3)");

        dumping.As<Line>().ShouldBe(new Line("nut", 3));

        dumping.GetAttr("dumps").As<int>().ShouldBe(1);
    }

    [Fact]
    public void Read_DefaultDict_IsNotChanged()
    {
        using PyObject dict = Evaluate("collections.defaultdict(list, name='nut')");

        dict.As<Line>();

        dict.Length.ShouldBe(1);
    }

    [Fact]
    public void RoundTrip_RecursiveRecord_Works()
    {
        var tree = new Tree("root", [new Tree("leaf", [])], new Tree("next", []));

        using PyObject converted = PyObject.From(tree);

        converted.Repr().ShouldBe(
            "{'name': 'root', 'children': [{'name': 'leaf', 'children': [], 'next': None}], 'next': {'name': 'next', 'children': [], 'next': None}}");
        Tree back = converted.As<Tree>();
        back.Children.ShouldHaveSingleItem().Name.ShouldBe("leaf");
        back.Next!.Name.ShouldBe("next");
    }

    [Fact]
    public void RoundTrip_Properties_FollowTheirKinds()
    {
        using PyObject converted = PyObject.From(new Settings { Name = "a", Tags = ["x"], Retries = 5, Timeout = TimeSpan.FromSeconds(1) });
        converted.Repr().ShouldBe("{'name': 'a', 'tags': ['x'], 'retries': 5, 'timeout': datetime.timedelta(seconds=1)}");

        Settings back = converted.As<Settings>();
        (back.Name, back.Retries, back.Timeout, back.Secret).ShouldBe(("a", 5, TimeSpan.FromSeconds(1), "kept"));
        back.Tags.ShouldBe(["x"]);

        Settings least = Value<Settings>("{'name': 'b', 'secret': 'other', 'label': 'c'}");
        (least.Name, least.Retries, least.Timeout, least.Secret, least.Label).ShouldBe(("b", 3, null, "kept", "b!"));
        least.Tags.ShouldBe(["default"]);
    }

    [Fact]
    public void RoundTrip_DerivedClass_HasTheMembersOfItsBase()
    {
        Derived derived = Value<Derived>("{'name': 'a', 'weight': 2.5, 'tags': []}");
        (derived.Name, derived.Weight, derived.Tags.Count).ShouldBe(("a", 2.5, 0));

        using PyObject converted = PyObject.From(derived);
        converted.Repr().ShouldBe("{'weight': 2.5, 'name': 'a', 'tags': [], 'retries': 3, 'timeout': None}");
    }

    [Fact]
    public void RoundTrip_StructWithInit_Works()
    {
        Span span = Value<Span>("{'start': 5}");
        (span.Start, span.End).ShouldBe((5, 2));

        using PyObject converted = PyObject.From(span);
        converted.Repr().ShouldBe("{'start': 5, 'end': 2}");
    }

    [Fact]
    public void Write_PythonClass_CallsIt()
    {
        _ = s_module.Value;
        using PyObject point = PyObject.From(new Point(1, 2));
        point.Repr().ShouldBe("Point(x=1, y=2)");
        point.As<Point>().ShouldBe(new Point(1, 2));

        using PyObject pairs = PyObject.From(new[] { new Pair(1, 2), new Pair(3, 4) });
        pairs.Repr().ShouldBe("[Pair(first=1, second=2), Pair(first=3, second=4)]");
        pairs.As<Pair[]>().ShouldBe([new Pair(1, 2), new Pair(3, 4)]);
    }

    [Fact]
    public void Write_OmitNull_LeavesNullsOut()
    {
        using PyObject sparse = PyObject.From(new Sparse(1, Age: 5));
        sparse.Repr().ShouldBe("{'ident': 1, 'age': 5}");
        sparse.As<Sparse>().ShouldBe(new Sparse(1, Age: 5));
    }

    [Fact]
    public void RoundTrip_GivenNames_AreUsed()
    {
        using PyObject strict = PyObject.From(new Strict(1, 2));
        strict.Repr().ShouldBe("{'max_count': 1, 'max-size': 2}");
        strict.As<Strict>().ShouldBe(new Strict(1, 2));
    }

    [Fact]
    public void Collections_OfRecords_AreFound()
    {
        Value<Line?>("None").ShouldBeNull();
        Value<Tree>("None").ShouldBeNull();
        Value<Line?>("{'name': 'a'}").ShouldBe(new Line("a"));
        Value<Dictionary<string, List<Line>>>("{'k': [{'name': 'a'}, Line('b')]}")["k"].ShouldBe([new Line("a"), new Line("b")]);
        Value<(Line, int)>("(Line('b'), 5)").ShouldBe((new Line("b"), 5));
        using PyObject boxed = PyObject.From<object>(new List<object> { new Line("a"), new Sparse(1) });
        boxed.Repr().ShouldBe("[{'name': 'a', 'count': 1}, {'ident': 1}]");
        using PyObject none = PyObject.From<Tree>(null!);
        none.IsNone.ShouldBeTrue();
    }

    [Fact]
    public void Converter_WithoutReflection_IsTheSame()
    {
        PyConverter<IReadOnlyList<Line>> lines = PyConvert.ReadOnlyList(PyConvert.Record<Line>());
        using PyObject converted = PyObject.From([new Line("a")], lines);
        converted.Repr().ShouldBe("[{'name': 'a', 'count': 1}]");
        converted.As(lines).ShouldBe([new Line("a")]);
        Evaluate("None").As(PyConvert.OrNull(PyConvert.Record<Tree>())).ShouldBeNull();
    }

    private static PyObject Evaluate(string text) => s_module.Value.CallMethod("value", [text]);

    private static T Value<T>(string text)
    {
        using PyObject value = Evaluate(text);
        return value.As<T>();
    }
}
