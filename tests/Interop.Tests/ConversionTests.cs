using System.Collections.Frozen;
using System.Numerics;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed partial class ConversionTests
{
    private enum Color
    {
        Red,
        Green,
    }

    [Flags]
    private enum Access
    {
        None = 0,
        Read = 1,
        Write = 2,
    }

    [Fact]
    public void RoundTrip_EveryType_GivesTheSameValue()
    {
        RoundTrip(true, "True");
        RoundTrip(false, "False");
        RoundTrip(sbyte.MinValue, "-128");
        RoundTrip(byte.MaxValue, "255");
        RoundTrip(short.MinValue, "-32768");
        RoundTrip(ushort.MaxValue, "65535");
        RoundTrip(int.MinValue, "-2147483648");
        RoundTrip(uint.MaxValue, "4294967295");
        RoundTrip(long.MinValue, "-9223372036854775808");
        RoundTrip(ulong.MaxValue, "18446744073709551615");
        RoundTrip(BigInteger.Pow(2, 100), "1267650600228229401496703205376");
        RoundTrip(-BigInteger.Pow(16, 5_000));
        RoundTrip(BigInteger.Zero, "0");
        RoundTrip(1.5, "1.5");
        RoundTrip(double.NaN, "nan");
        RoundTrip(double.NegativeInfinity, "-inf");
        RoundTrip(1.5f, "1.5");
        RoundTrip(-79228162514264337593543950335m, "Decimal('-79228162514264337593543950335')");
        RoundTrip(0.0000000000000000000000000001m);
        RoundTrip("", "''");
        RoundTrip("é😀\0x", "'é😀\\x00x'");
        RoundTrip("lone \ud800 surrogate");
        RoundTrip(new string('ü', 10_000));
        RoundTrip('x', "'x'");
        RoundTrip(Array.Empty<byte>(), "b''");
        RoundTrip(new byte[] { 0, 255 }, "b'\\x00\\xff'");
        RoundTrip(new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Unspecified).AddTicks(9_999_990), "datetime.datetime(2024, 2, 29, 23, 59, 59, 999999)");
        RoundTrip(new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc), "datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc)");
        RoundTrip(DateTime.MinValue);
        RoundTrip(new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromMinutes(-330)));
        RoundTrip(TimeSpan.FromMicroseconds(-1), "datetime.timedelta(days=-1, seconds=86399, microseconds=999999)");
        RoundTrip(TimeSpan.FromTicks(long.MaxValue / 10 * 10));
        RoundTrip(new DateOnly(1, 1, 1), "datetime.date(1, 1, 1)");
        RoundTrip(new TimeOnly(23, 59, 59, 999, 999), "datetime.time(23, 59, 59, 999999)");
        RoundTrip(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), "UUID('00112233-4455-6677-8899-aabbccddeeff')");
        RoundTrip(Color.Green, "1");
        RoundTrip(Access.Read | Access.Write, "3");
        RoundTrip<int?>(null, "None");
        RoundTrip<int?>(5, "5");
        RoundTrip<string?>(null, "None");
    }

    [Fact]
    public void RoundTrip_Collections_GiveTheSameItems()
    {
        RoundTrip(new List<int> { 1, 2 }, "[1, 2]");
        RoundTrip(new[] { "a", null }, "['a', None]");
        RoundTrip<IReadOnlyList<double?>>([1.5, null], "[1.5, None]");
        RoundTrip<IEnumerable<int>>([1, 2], "[1, 2]");
        RoundTrip(new HashSet<string> { "a" }, "{'a'}");
        RoundTrip<IReadOnlySet<int>>(new HashSet<int> { 1 }, "{1}");
        RoundTrip(new Dictionary<string, List<int>> { ["a"] = [1] }, "{'a': [1]}");
        RoundTrip<IReadOnlyDictionary<int, string>>(new Dictionary<int, string> { [1] = "x" }, "{1: 'x'}");
        RoundTrip(ValueTuple.Create(1), "(1,)");
        RoundTrip((1, "a"), "(1, 'a')");
        RoundTrip((1, "a", 2.0, true, (byte)5, 'c', (int?)null), "(1, 'a', 2.0, True, 5, 'c', None)");
        RoundTrip(new List<(int, string[])> { (1, ["a", "b"]) }, "[(1, ['a', 'b'])]");
    }

    [Fact]
    public void As_ValueOutOfRange_NamesBothTypes()
    {
        Overflow<byte>("300", "The Python 'int' 300 is out of the range of System.Byte (0 to 255).");
        Overflow<sbyte>("-129", "System.SByte (-128 to 127)");
        Overflow<uint>("-1", "System.UInt32 (0 to 4294967295)");
        Overflow<long>("2 ** 63", "System.Int64");
        Overflow<ulong>("2 ** 64", "System.UInt64");
        Overflow<ulong>("-1", "System.UInt64");
        Overflow<DayOfWeek>("7", "System.DayOfWeek (Sunday, Monday,");
        Overflow<DayOfWeek>("2 ** 32", "System.DayOfWeek");
        Overflow<OfByte>("257", "OfByte (One)");
        Overflow<BitsOfByte>("256", "BitsOfByte (First)");
        Overflow<BitsOfByte>("-1", "BitsOfByte (First)");
        Overflow<FileAccess>("2 ** 32", "System.IO.FileAccess");
        Overflow<float>("1e300", "System.Single");
        Overflow<double>("10 ** 400", "System.Double");
        Overflow<decimal>("__import__('decimal').Decimal('1e40')", "System.Decimal");
        Overflow<decimal>("__import__('decimal').Decimal('nan')", "System.Decimal");
        Overflow<TimeSpan>("__import__('datetime').timedelta(days=999999999)", "System.TimeSpan");
        Overflow<DateTime>("__import__('datetime').datetime(1, 1, 1, tzinfo=__import__('datetime').timezone(__import__('datetime').timedelta(hours=1)))", "System.DateTime");
        Overflow<Color>("7", "Red, Green");

        static void Overflow<T>(string expression, string message) =>
            Should.Throw<OverflowException>(() => Evaluate(expression).As<T>()).Message.ShouldContain(message);
    }

    [Fact]
    public void As_WrongType_NamesBothTypes()
    {
        Wrong<int>("'5'", "A Python 'str' cannot be converted to System.Int32.");
        Wrong<int>("5.0", "'float'");
        Wrong<int>("None", "'NoneType'");
        Wrong<BigInteger>("'5'", "System.Numerics.BigInteger");
        Wrong<bool>("1", "System.Boolean");
        Wrong<double>("'1.0'", "System.Double");
        Wrong<float>("[]", "System.Single");
        Wrong<decimal>("1.5", "decimal.Decimal(str(x))");
        Wrong<string>("5", "ToString()");
        Wrong<string>("b'x'", "'bytes'");
        Wrong<char>("'xy'", "one character");
        Wrong<byte[]>("'x'", "System.Byte[]");
        Wrong<DateTime>("'2024-01-01'", "System.DateTime");
        Wrong<DateTimeOffset>("__import__('datetime').datetime(2024, 1, 1)", "naive");
        Wrong<TimeSpan>("5", "System.TimeSpan");
        Wrong<DateOnly>("__import__('datetime').datetime(2024, 1, 1)", "System.DateOnly");
        Wrong<Guid>("'00112233-4455-6677-8899-aabbccddeeff'", "System.Guid");
        Wrong<List<int>>("'text'", "System.Collections.Generic.List<System.Int32>");
        Wrong<int[]>("5", "System.Int32[]");
        Wrong<int[]>("{1: 2}", "'dict'");
        Wrong<List<int>>("['a']", "System.Int32");
        Wrong<HashSet<int>>("[1]", "HashSet");
        Wrong<Dictionary<string, int>>("[1]", "Dictionary");
        Wrong<Dictionary<string, int>>("type('M', (), {'items': lambda self: [['a', 1]]})()", "Dictionary");
        Wrong<(int, int)>("(1, 2, 3)", "3 items instead of 2");
        Wrong<(int, int)>("[1, 2]", "'list'");

        static void Wrong<T>(string expression, string message) =>
            Should.Throw<InvalidCastException>(() => Evaluate(expression).As<T>()).Message.ShouldContain(message);
    }

    [Fact]
    public void As_WrongItem_NamesThePositionAndTheReason()
    {
        Wrong<List<int>>("[1, 2.0]", "Item 1: a Python 'float' cannot be converted to System.Int32.");
        Wrong<int[][]>("[[1], [2, 'x']]", "Item 1: item 1: a Python 'str' cannot be converted to System.Int32.");
        Wrong<Dictionary<string, List<int>>>("{'a': [], 'b': [None]}", "Key 'b': item 0: a Python 'NoneType' cannot be converted to System.Int32.");
        Wrong<Dictionary<string, int>>("{None: 1}", "Key None: a Python 'NoneType' cannot be converted to System.String: it is a key, and a .NET dictionary has no key null.");
        Wrong<Dictionary<int, int>>("{(1, 2): 1}", "Key <tuple>: a Python 'tuple' cannot be converted to System.Int32.");
        Wrong<HashSet<int>>("{'x'}", "An item: a Python 'str' cannot be converted to System.Int32.");
        Wrong<(int, DateTimeOffset)>("(1, __import__('datetime').datetime(2024, 1, 1))", "Item 1: a Python 'datetime.datetime' cannot be converted to System.DateTimeOffset: it is naive");
        Wrong<DateTime>("__import__('datetime').date(2024, 1, 1)", "it has no time of day");
        Wrong<TimeOnly>("__import__('datetime').time(1, tzinfo=__import__('datetime').timezone.utc)", "it is aware");
        Should.Throw<OverflowException>(() => Evaluate("[2 ** 10000]").As<List<int>>()).Message.ShouldStartWith("Item 0: the Python 'int' of 10001 bits is out of the range of System.Int32");

        static void Wrong<T>(string expression, string message) =>
            Should.Throw<InvalidCastException>(() => Evaluate(expression).As<T>()).Message.ShouldContain(message, Case.Sensitive);
    }

    [Fact]
    public void As_MoreBytesThanAnArrayHolds_SaysThat()
    {
        // Neither touches the memory that it represents.
        foreach (string expression in new[] { "bytes(2 ** 31)", "memoryview(__import__('mmap').mmap(-1, 2 ** 32))" })
        {
            string message = Should.Throw<OverflowException>(() => Evaluate(expression).As<byte[]>()).Message;
            message.ShouldContain("does not fit into System.Byte[], which holds at most 2147483591 bytes");
            message.ShouldContain(expression.StartsWith('b') ? "'bytes' of 2147483648 bytes" : "'memoryview' of 4294967296 bytes");
        }

        Evaluate("bytes(2 ** 31)").As<object>().ShouldBeOfType<PyObject>();
        Should.Throw<OverflowException>(() => Evaluate("range(2 ** 40)").Length).Message.ShouldContain("1099511627776 items");
    }

    [Fact]
    public void As_RelatedTypes_AreTaken()
    {
        Evaluate("True").As<int>().ShouldBe(1);
        Evaluate("5").As<double>().ShouldBe(5.0);
        Evaluate("5").As<decimal>().ShouldBe(5m);
        Evaluate("bytearray(b'x')").As<byte[]>().ShouldBe([(byte)'x']);
        Evaluate("memoryview(b'xyz')[1:]").As<byte[]>().ShouldBe("yz"u8.ToArray());
        Evaluate("(1, 2)").As<int[]>().ShouldBe([1, 2]);
        Evaluate("range(3)").As<List<int>>().ShouldBe([0, 1, 2]);
        Evaluate("frozenset([1])").As<HashSet<int>>().ShouldBe([1]);
        Evaluate("__import__('types').MappingProxyType({'a': 1})").As<Dictionary<string, int>>()["a"].ShouldBe(1);
        Evaluate("type('Indexed', (), {'__index__': lambda self: 7})()").As<int>().ShouldBe(7);
        Evaluate("type('Floating', (), {'__float__': lambda self: 7.5})()").As<double>().ShouldBe(7.5);
    }

    [Fact]
    public void AsObject_AnyValue_GivesWhatDotNetWouldUse()
    {
        Evaluate("None").As<object?>().ShouldBeNull();
        Evaluate("5").As<object>().ShouldBe(5L);
        Evaluate("2 ** 70").As<object>().ShouldBe(BigInteger.Pow(2, 70));
        Evaluate("True").As<object>().ShouldBe(true);
        Evaluate("1.5").As<object>().ShouldBe(1.5);
        Evaluate("'x'").As<object>().ShouldBe("x");
        Evaluate("b'x'").As<object>().ShouldBe("x"u8.ToArray());
        Evaluate("[1, 'a', None]").As<object>().ShouldBe(new List<object?> { 1L, "a", null });
        Evaluate("(1,)").As<object>().ShouldBe(new object?[] { 1L });
        Evaluate("{'a': {1}}").As<object>().ShouldBeOfType<Dictionary<object, object?>>()["a"].ShouldBe(new HashSet<object> { 1L });
        Evaluate("object()").As<object>().ShouldBeOfType<PyObject>();
    }

    [Fact]
    public void From_Object_ConvertsByRuntimeType()
    {
        object?[] values = [null, 1, 2L, 3.5, "x", true, new[] { 1 }, (1, "b"), new Dictionary<string, object?> { ["k"] = TimeSpan.Zero }, Color.Green];

        using PyObject converted = PyObject.From<object?>(values);

        converted.Repr().ShouldBe("[None, 1, 2, 3.5, 'x', True, [1], (1, 'b'), {'k': datetime.timedelta(0)}, 1]");
        Should.Throw<NotSupportedException>(() => PyObject.From<object>(new Uri("http://localhost"))).Message.ShouldContain("System.Uri");
    }

    [Fact]
    public void LocalTime_ComesBackAsTheSameInstant()
    {
        var local = new DateTime(2024, 7, 1, 12, 0, 0, DateTimeKind.Local);

        using PyObject o = PyObject.From(local);

        o.As<DateTime>().ShouldBe(local.ToUniversalTime());
        o.As<DateTime>().Kind.ShouldBe(DateTimeKind.Utc);
    }

    private static void RoundTrip<T>(T value, string? repr = null)
    {
        using PyObject o = PyObject.From(value);
        if (repr is not null)
        {
            o.Repr().ShouldBe(repr);
        }

        T back = o.As<T>();
        using PyObject again = PyObject.From(back);
        (again.PythonEquals(o) || value is double.NaN).ShouldBeTrue($"{again} and {o}");
        if (value is null or string or ValueType and not System.Runtime.CompilerServices.ITuple)
        {
            back.ShouldBe(value);
        }
    }

    private static PyObject Evaluate(string expression, string imports = "")
    {
        using PyObject module = PyObject.ImportSource($"{imports}\nvalue = {expression}");
        return module.GetAttr("value");
    }

    private sealed class VersionConverter : PyConverter<Version?>
    {
        public override PyObject ToPython(Version? value) => PyObject.From(value?.ToString());

        public override Version? FromPython(PyObject value) => value.IsNone ? null : Version.Parse(value.ToString());
    }

    private enum OfByte : byte
    {
        One = 1,
    }

    [Flags]
    private enum BitsOfByte : byte
    {
        First = 1,
    }
}
