using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Dynamic;
using System.Numerics;
using System.Text.Json;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>A value that enters as <c>object</c> leaves unchanged.</summary>
public sealed class ObjectConversionTests
{
    private const string Imports = "import collections, datetime, decimal, enum, fractions, types, uuid, zoneinfo\n";

    private const string Definitions = Imports + """
        class Color(enum.Enum):
            RED = 1
        class Level(enum.IntEnum):
            LOW = 1
        class Text(str): pass
        class Whole(int): pass
        class Real(float): pass
        class Items(list): pass
        class Names(dict): pass
        class Group(set): pass
        class Day(datetime.date): pass
        Point = collections.namedtuple("Point", "x y")
        berlin = datetime.timezone(datetime.timedelta(hours=2))
        nan = float("nan")

        def same(a, b):
            if type(a) is not type(b):
                return False
            if isinstance(a, (list, tuple)):
                return len(a) == len(b) and all(map(same, a, b))
            if isinstance(a, dict):
                return list(a) == list(b) and all(same(x, y) for x, y in zip(a.values(), b.values())) and sorted(map(str, map(type, a))) == sorted(map(str, map(type, b)))
            if isinstance(a, (set, frozenset)):
                return a == b and sorted(map(str, map(type, a))) == sorted(map(str, map(type, b)))
            if isinstance(a, float) and a != a:
                return b != b
            return a == b or a is b
        """;

    [Theory]
    [InlineData("None")]
    [InlineData("True")]
    [InlineData("[0, -1, 2**62, -2**63, 2**64, -2**200, False]")]
    [InlineData("[0.0, -1.5, nan, float('inf')]")]
    [InlineData("1 + 2j")]
    [InlineData("'text\\ud800'")]
    [InlineData("b'bytes'")]
    [InlineData("bytearray(b'bytes')")]
    [InlineData("memoryview(b'bytes')")]
    [InlineData("[1, [2, []]]")]
    [InlineData("()")]
    [InlineData("(1,)")]
    [InlineData("(1, ('a', None), [2.0])")]
    [InlineData("tuple(range(100))")]
    [InlineData("{1, 'a', (2, 3), frozenset([4])}")]
    [InlineData("{None}")]
    [InlineData("set()")]
    [InlineData("frozenset([1, None, (2,)])")]
    [InlineData("frozenset()")]
    [InlineData("{}")]
    [InlineData("{'a': 1, 2: {3}, None: 4, (1, 2): 3, frozenset([1]): 2, b'k': 5, 1.5: (), True: False}")]
    [InlineData("{float('nan'): 1, float('nan'): 2}")]
    [InlineData("{float('nan'), float('nan')}")]
    [InlineData("datetime.datetime(2024, 7, 2, 3, 4, 5, 6)")]
    [InlineData("datetime.datetime.min")]
    [InlineData("datetime.datetime(2024, 7, 2, tzinfo=berlin)")]
    [InlineData("datetime.datetime(2024, 7, 2, tzinfo=datetime.tzinfo())")]
    [InlineData("datetime.datetime(2024, 7, 2, tzinfo=datetime.timezone.utc)")]
    [InlineData("datetime.datetime(2024, 7, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=23)))")]
    [InlineData("datetime.datetime(2024, 7, 2, tzinfo=datetime.timezone(datetime.timedelta(seconds=1)))")]
    [InlineData("datetime.datetime.min.replace(tzinfo=berlin)")]
    [InlineData("datetime.date(2024, 7, 2)")]
    [InlineData("datetime.time(1, 2, 3, 4)")]
    [InlineData("datetime.time(1, 2, tzinfo=berlin)")]
    [InlineData("datetime.timedelta(days=-1, microseconds=1)")]
    [InlineData("datetime.timedelta.max")]
    [InlineData("Day(2024, 7, 2)")]
    [InlineData("[decimal.Decimal('1.10'), decimal.Decimal('-0'), decimal.Decimal('1E+5'), decimal.Decimal('Infinity')]")]
    [InlineData("[decimal.Decimal('1E-40'), decimal.Decimal('1' * 40), decimal.Decimal('1E+50')]")]
    [InlineData("fractions.Fraction(1, 3)")]
    [InlineData("uuid.UUID(int=5)")]
    [InlineData("[Color.RED, Level.LOW, Text('x'), Whole(1), Real(1.5), Items([1]), Names(a=1), Group([1]), Point(1, 2)]")]
    [InlineData("{Color.RED: Level.LOW}")]
    [InlineData("[collections.OrderedDict(a=1), collections.defaultdict(list, a=[1]), collections.Counter('aab'), collections.deque([1])]")]
    [InlineData("[range(3), slice(1, 2), int, len, types.MappingProxyType({}), ..., NotImplemented, ValueError('x')]")]
    public void Object_ThereAndBack_IsTheSame(string expression)
    {
        using PyObject module = PyObject.ImportSource(Definitions + $"\nvalue = {expression}");
        using PyObject value = module.GetAttr("value");

        using PyObject back = PyObject.From(value.As<object?>());

        module.CallMethod("same", [value, back]).IsTrue().ShouldBeTrue($"{value} became {back}");
    }

    [Fact]
    public void Object_DecimalNaN_StaysThePythonObject()
    {
        using PyObject nan = Evaluate("decimal.Decimal('NaN')");

        nan.As<object>().ShouldBeOfType<PyObject>().Is(nan).ShouldBeTrue();
    }

    [Fact]
    public void Object_RandomNestedValues_AreTheSameThereAndBack()
    {
        using PyObject module = PyObject.ImportSource(Definitions + """

            import random
            def make(r, depth=0):
                leaves = [
                    lambda: None, lambda: r.random() < 0.5, lambda: r.getrandbits(r.choice([3, 30, 63, 64, 200])) - r.getrandbits(10), lambda: r.uniform(-1, 1),
                    lambda: ''.join(chr(r.choice([65, 233, 8364, 128512, 0xD800])) for _ in range(r.randrange(5))), lambda: r.randbytes(r.randrange(5)),
                    lambda: datetime.datetime(r.randrange(1, 9999), 2, 3, microsecond=r.randrange(10**6)), lambda: datetime.date(r.randrange(1, 9999), 1, 1),
                    lambda: datetime.datetime(r.randrange(2, 9999), 2, 3, tzinfo=berlin), lambda: datetime.time(r.randrange(24), 1, 2, r.randrange(10**6)),
                    lambda: datetime.timedelta(microseconds=r.randrange(-10**12, 10**12)), lambda: decimal.Decimal(r.randrange(-10**9, 10**9)).scaleb(-4),
                    lambda: uuid.UUID(int=r.getrandbits(128)), lambda: Color.RED, lambda: Point(r.random(), 2), lambda: decimal.Decimal('Infinity'),
                ]
                branches = [
                    lambda: [make(r, depth + 1) for _ in range(r.randrange(4))],
                    lambda: tuple(make(r, depth + 1) for _ in range(r.randrange(4))),
                    lambda: {key(r, depth + 1): make(r, depth + 1) for _ in range(r.randrange(4))},
                    lambda: {key(r, depth + 1) for _ in range(r.randrange(4))},
                    lambda: frozenset(key(r, depth + 1) for _ in range(r.randrange(4))),
                ]
                return r.choice(branches if r.random() < 0.6 and depth < 6 else leaves)()
            def key(r, depth):
                while True:
                    try:
                        k = make(r, depth)
                        hash(k)
                        return k
                    except TypeError:
                        pass
            """);
        using PyObject random = module.GetAttr("random").CallMethod("Random", [1]);
        for (int i = 0; i < 1_000; i++)
        {
            using PyObject value = module.CallMethod("make", [random]);
            using PyObject back = PyObject.From(value.As<object?>());
            module.CallMethod("same", [value, back]).IsTrue().ShouldBeTrue($"{value} became {back}");
        }
    }

    [Fact]
    public void AsObject_AnyValue_HasTheFormThatDotNetUses()
    {
        Evaluate("(1, 'a')").As<object>().ShouldBeOfType<PyTuple>().ShouldBe([1L, "a"]);
        Evaluate("{1}").As<object>().ShouldBeOfType<HashSet<object>>().ShouldBe([1L]);
        Evaluate("frozenset([1])").As<object>().ShouldBeAssignableTo<FrozenSet<object>>().ShouldBe([1L]);
        Evaluate("datetime.datetime(2024, 7, 2)").As<object>().ShouldBeOfType<DateTime>().Kind.ShouldBe(DateTimeKind.Unspecified);
        Evaluate("datetime.datetime(2024, 7, 2, tzinfo=datetime.timezone.utc)").As<object>().ShouldBe(new DateTimeOffset(2024, 7, 2, 0, 0, 0, TimeSpan.Zero));
        Evaluate("datetime.date(2024, 7, 2)").As<object>().ShouldBe(new DateOnly(2024, 7, 2));
        Evaluate("datetime.time(1, 2)").As<object>().ShouldBe(new TimeOnly(1, 2));
        Evaluate("decimal.Decimal('1.5')").As<object>().ShouldBe(1.5m);
        var keys = Evaluate("{(1, 2): 'tuple', None: 'none'}").As<object>().ShouldBeOfType<Dictionary<object, object?>>();
        keys[PyTuple.Create([1L, 2L])].ShouldBe("tuple");
        keys[PyObject.None].ShouldBe("none");
    }

    [Fact]
    public void FromObject_CollectionsOfDotNet_BecomePythonsOwn()
    {
        ReprOf(new HashSet<string> { "a" }).ShouldBe("{'a'}");
        ReprOf(new SortedSet<int> { 1 }).ShouldBe("{1}");
        ReprOf(new[] { 1 }.ToFrozenSet()).ShouldBe("frozenset({1})");
        ReprOf(ImmutableHashSet.Create(1)).ShouldBe("frozenset({1})");
        ReprOf(new ArraySegment<byte>([1, 2, 3], 1, 2)).ShouldBe(@"b'\x02\x03'");
        ReprOf(new Dictionary<string, object> { ["s"] = new HashSet<int> { 1 } }).ShouldBe("{'s': {1}}");
        ReprOf(ImmutableDictionary<string, int>.Empty.Add("a", 1)).ShouldBe("{'a': 1}");
        IDictionary<string, object?> expando = new ExpandoObject();
        expando["a"] = (1, 2);
        ReprOf(expando).ShouldBe("{'a': (1, 2)}");
        ReprOf(Tuple.Create(1, "a")).ShouldBe("(1, 'a')");
        ReprOf((1, 2, 3, 4, 5, 6, 7, 8, 9)).ShouldBe("(1, 2, 3, 4, 5, 6, 7, 8, 9)");
        ReprOf(PyTuple.Create([1, null])).ShouldBe("(1, None)");
        ReprOf(Enumerable.Range(0, 3).Select(i => (object)i)).ShouldBe("[0, 1, 2]");
        ReprOf(ImmutableArray.Create(1, 2)).ShouldBe("[1, 2]");
        ReprOf(new Memory<byte>([1])).ShouldBe("b'\\x01'");
        ReprOf(ulong.MaxValue).ShouldBe("18446744073709551615");
        ReprOf(Huge.Most).ShouldBe("18446744073709551615");
        ReprOf(new Queue(new[] { 1, 2 })).ShouldBe("[1, 2]");
    }

    [Fact]
    public void FromObject_KeysThatAreEqualInPython_AreRefused()
    {
        Should.Throw<ArgumentException>(() => PyObject.From<object>(new Dictionary<object, object?> { [1] = "a", [1.0] = "b" })).Message
            .ShouldBe("The key 1, a System.Double, equals an earlier key in Python, where 1, 1.0 and True are equal: one of them would be lost. Use values of one type.");
        Should.Throw<ArgumentException>(() => PyObject.From<object>(new Hashtable { [true] = "a", [1L] = "b" })).Message.ShouldContain("equals an earlier key");
        Should.Throw<ArgumentException>(() => PyObject.From<object>(new List<object> { new HashSet<object> { 1, true } })).Message.ShouldStartWith("The item True, a System.Boolean, equals");
        Should.Throw<ArgumentException>(() => PyObject.From(new Dictionary<object, object?> { [1] = "a", [1.0] = "b" })).Message.ShouldStartWith("The key 1, a System.Double, equals");
        Should.Throw<ArgumentException>(() => PyObject.From(new HashSet<object> { 1, true })).Message.ShouldStartWith("The item True, a System.Boolean, equals");
    }

    [Fact]
    public void FromObject_RegisteredConverter_IsUsedForDerivedClassesToo()
    {
        PyConvert.Register(new ShapeConverter());

        ReprOf(new List<object> { new Circle() }).ShouldBe("['Circle']");
    }

    [Fact]
    public void FromObject_NoConverter_SaysWhereAndWhatHelps()
    {
        Missing(new Dictionary<string, object> { ["k"] = new List<object> { 1, new Uri("http://localhost") } }, "Key 'k': item 1: there is no converter for System.Uri.");
        Missing(Array.CreateInstance(typeof(int), 2, 2), "System.Int32[,]", "rank 2", "array of arrays");
        Missing(new Func<int>(() => 1), "FunctionIntoPy", "PyFunction.Create");
        Missing(Task.FromResult(1), "FutureIntoPy");
        Missing(new ValueTask<int>(1), "FutureIntoPy");
        Missing(Stream(), "AsyncEnumerableIntoPy");
        Missing(new float[1].AsMemory(), "PyObject.FromMemory");
        Missing(new MemoryStream(), "StreamIntoPy");
        Missing(System.Threading.Channels.Channel.CreateUnbounded<int>(), "ChannelIntoPy");
        Should.Throw<NotSupportedException>(() => PyConvert.For<PyBuffer<float>>()).Message.ShouldContain("PyConvert.Buffer<T>()");
        Should.Throw<NotSupportedException>(() => PyConvert.For<System.Threading.Channels.ChannelReader<int>>()).Message.ShouldContain("IntoChannelReader");
        Should.Throw<NotSupportedException>(() => PyConvert.For<IAsyncEnumerable<int>>()).Message.ShouldContain("AsyncEnumerableIntoPy");
        Should.Throw<NotSupportedException>(() => PyConvert.For<Task<int>>()).Message.ShouldContain("FutureIntoPy");
        Should.Throw<NotSupportedException>(() => PyConvert.For<Action>()).Message.ShouldContain("FunctionIntoPy");
        Should.Throw<NotSupportedException>(() => PyConvert.For<List<int[,]>>()).Message.ShouldContain("System.Int32[,] (part of System.Collections.Generic.List<System.Int32[,]>)");
        Should.Throw<NotSupportedException>(() => PyConvert.For<int[][,]>()).Message.ShouldContain("System.Int32[,] (part of System.Int32[][,])");

        static void Missing(object value, params string[] texts)
        {
            string message = Should.Throw<NotSupportedException>(() => PyObject.From(value)).Message;
            foreach (string text in texts)
            {
                message.ShouldContain(text);
            }
        }

        static async IAsyncEnumerable<int> Stream()
        {
            await Task.Yield();
            yield return 1;
        }
    }

    [Fact]
    public void Serialize_PyObject_IsRefusedWithAMessage()
    {
        using PyObject o = Evaluate("object()");

        Should.Throw<NotSupportedException>(() => JsonSerializer.Serialize(o)).Message.ShouldContain("As<T>()");
        Should.Throw<NotSupportedException>(() => JsonSerializer.Serialize(new Dictionary<string, object?> { ["o"] = o })).Message.ShouldContain("PyObject");
        Should.Throw<NotSupportedException>(() => JsonSerializer.Deserialize<PyObject>("1")).Message.ShouldContain("PyObject");
        JsonSerializer.Serialize(Evaluate("(1, [2], {'a': None})").As<object>()).ShouldBe("""[1,[2],{"a":null}]""");
    }

    private static string ReprOf(object? value)
    {
        using PyObject converted = PyObject.From(value);
        return converted.Repr();
    }

    private static PyObject Evaluate(string expression)
    {
        using PyObject module = PyObject.ImportSource(Imports + "value = " + expression);
        return module.GetAttr("value");
    }

    private enum Huge : ulong
    {
        Most = ulong.MaxValue,
    }

    private abstract class Shape;

    private sealed class Circle : Shape;

    private sealed class ShapeConverter : PyConverter<Shape>
    {
        public override PyObject ToPython(Shape value) => PyObject.From(value.GetType().Name);

        public override Shape FromPython(PyObject value) => new Circle();
    }
}
