using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed partial class RecordTests
{
    [Theory]
    [InlineData("{'id': 1, 'lines': []}", "A Python 'dict' cannot be converted to PyAsync.Tests.Order: it has no field 'total', which the member Total is read from.")]
    [InlineData("Attributes(id=1, total=2)", "A Python 'records.Attributes' cannot be converted to PyAsync.Tests.Order: it has no field 'lines', which the member Lines is read from.")]
    [InlineData("Dumping(id=1, total=2)", "A Python 'records.Dumping' cannot be converted to PyAsync.Tests.Order: it has no field 'lines', which the member Lines is read from.")]
    [InlineData("Mapping({})", "A Python 'records.Mapping' cannot be converted to PyAsync.Tests.Order: it has no field 'id', which the member Id is read from.")]
    [InlineData("row()", "A Python 'sqlite3.Row' cannot be converted to PyAsync.Tests.Order: it has no field 'id', which the member Id is read from.")]
    [InlineData("{'id': '1'}", "Field 'id': a Python 'str' cannot be converted to System.Int32. Use int() to convert it.", true)]
    [InlineData("{'id': 1, 'total': 2, 'lines': [{'name': 'a'}, {'name': 'b', 'count': 'c'}]}", "Field 'lines': item 1: field 'count': a Python 'str' cannot be converted to System.Int32.", true)]
    [InlineData("{'id': 1, 'total': 2, 'lines': [{'name': 'a'}, {'count': 1}]}", "Field 'lines': item 1: a Python 'dict' cannot be converted to PyAsync.Tests.Line: it has no field 'name', which the member Name is read from.")]
    [InlineData("{'id': 1, 'total': 2, 'lines': [None]}", "Field 'lines': item 0: a Python 'NoneType' cannot be converted to PyAsync.Tests.Line.")]
    [InlineData("{'id': None}", "Field 'id': a Python 'NoneType' cannot be converted to System.Int32.", true)]
    [InlineData("5", "A Python 'int' cannot be converted to PyAsync.Tests.Order.")]
    [InlineData("'text'", "A Python 'str' cannot be converted to PyAsync.Tests.Order.")]
    [InlineData("[1, 2]", "A Python 'list' cannot be converted to PyAsync.Tests.Order.")]
    [InlineData("(1, 2)", "A Python 'tuple' cannot be converted to PyAsync.Tests.Order.")]
    public void Read_WrongValue_NamesFieldAndTypes(string text, string message, bool isPrefix = false)
    {
        string actual = Should.Throw<PythonTypeErrorException>(() => Value<Order>(text)).Message;
        if (isPrefix)
        {
            actual.ShouldStartWith(message[..(message.IndexOf("System.Int32", StringComparison.Ordinal) + 12)]);
        }
        else
        {
            actual.ShouldBe(message);
        }
    }

    [Fact]
    public void Read_ValueOutOfRange_NamesTheField() =>
        Should.Throw<PythonOverflowException>(() => Value<Order>("{'id': 2 ** 40}")).Message
            .ShouldBe("Field 'id': the Python 'int' 1099511627776 is out of the range of System.Int32 (-2147483648 to 2147483647).");

    [Theory]
    [InlineData("{'max_count': 1, 'max_cuont': 2}", "'max_cuont'")]
    [InlineData("{'max_count': 1, 5: 2}", "5")]
    [InlineData("Attributes(max_count=1, other=2)", "'other'")]
    [InlineData("Mapping({'max_count': 1, 'other': 2})", "'other'")]
    [InlineData("collections.namedtuple('T', 'max_count other')(1, 2)", "'other'")]
    [InlineData("dataclasses.make_dataclass('D', ['max_count', 'other'], slots=True)(1, 2)", "'other'")]
    [InlineData("Attributes(max_count=1, __pydantic_extra__={'other': 2})", "'other'")]
    public void Read_UnknownField_IsRefusedIfAskedFor(string text, string name) =>
        Should.Throw<PythonTypeErrorException>(() => Value<Strict>(text)).Message
            .ShouldEndWith($" cannot be converted to PyAsync.Tests.Strict: it has the unknown field {name}; the known ones are max_count, max-size.");

    [Theory]
    [InlineData("{'max_count': 1, 'max-size': 2}")]
    [InlineData("Attributes(max_count=1, _private=2)")]
    [InlineData("Attributes(max_count=1, __pydantic_extra__=None)")]
    [InlineData("collections.namedtuple('T', 'max_count')(1)")]
    public void Read_KnownFieldsOnly_IsAccepted(string text) => Value<Strict>(text).MaxCount.ShouldBe(1);

    [Fact]
    public void Read_FailingAttribute_KeepsItsException() =>
        Should.Throw<PythonException>(() => Value<Line>("Failing()")).Message.ShouldContain("no name today");

    [Theory]
    [InlineData("'count': 'x'")]
    [InlineData("'other': 1")]
    [InlineData("'count': 1, 'last': held, 'unknown': 1")]
    public void Read_Failing_DisposesTheObjectsThatItHasRead(string rest)
    {
        using PyObject code = PyObject.ImportSource($$"""
            import sys
            held = []
            value = {'first': held, 'numbers': held, {{rest}}}
            def references():
                return sys.getrefcount(held)
            """);
        using PyObject value = code.GetAttr("value"), references = code.GetAttr("references");
        int before = references.Call([], PyConvert.Int32);
        for (int i = 0; i < 10; i++)
        {
            Should.Throw<PythonTypeErrorException>(() => value.As<Holding>());
        }

        references.Call([], PyConvert.Int32).ShouldBe(before, "without a garbage collection");
    }

    [Fact]
    public void Read_DictThatContainsItself_EndsWithAnError()
    {
        using PyObject code = PyObject.ImportSource("cyclic = {'name': 'a'}\ncyclic['children'] = [cyclic]");
        using PyObject cyclic = code.GetAttr("cyclic");
        Should.Throw<PythonRecursionException>(() => cyclic.As<Tree>());
    }

    [Fact]
    public void Write_MissingClass_NamesRecordAndClass()
    {
        _ = s_module.Value;
        InvalidOperationException error = Should.Throw<InvalidOperationException>(() => PyObject.From(new Homeless(1)));
        error.Message.ShouldStartWith("PyAsync.Tests.Homeless is converted to the Python class 'record_classes:Missing' ([PyRecord(PythonClass = …)]), which cannot be imported: ");
        error.InnerException.ShouldBeOfType<PythonException>();
    }

    [Fact]
    public void Write_WrongMember_NamesTheField()
    {
        var settings = new Settings { Name = "a", Tags = new List<string> { "x", "\ud800" } };
        using PyObject converted = PyObject.From(settings); // A lone surrogate is a str.
        converted["tags"].Length.ShouldBe(2);

        Should.Throw<PythonRecursionException>(() =>
        {
            var tree = new Tree("a", new List<Tree>());
            ((List<Tree>)tree.Children).Add(tree);
            using PyObject never = PyObject.From(tree);
        });
    }

    [Fact]
    public void Converter_OfAnUnmarkedType_SaysWhatToDo()
    {
        using PyObject dict = Evaluate("{'x': 1}");
        Should.Throw<MissingConverterException>(() => dict.As(PyConvert.Record<Unmarked>())).Message
            .ShouldStartWith("There is no record converter for PyAsync.Tests.Unmarked. Mark the type [PyRecord]");
    }

    [Theory]
    [InlineData("'LIGHT'", Shade.Light)]
    [InlineData("'very-dark'", Shade.VeryDark)]
    [InlineData("Text.DARK", Shade.VeryDark)]
    [InlineData("enum.Enum('E', 'VERY_DARK').VERY_DARK", Shade.VeryDark)]
    [InlineData("enum.Enum('E', {'LIGHT': 'x'}).LIGHT", Shade.Light)]
    [InlineData("enum.Enum('E', {'OTHER': 'LIGHT'}).OTHER", Shade.Light)]
    public void EnumByName_EveryForm_IsRead(string text, Shade expected) => Value<Shade>(text).ShouldBe(expected);

    [Fact]
    public void EnumByName_IsWrittenAsItsText()
    {
        using PyObject shade = PyObject.From(Shade.VeryDark);
        shade.Repr().ShouldBe("'very-dark'");
        using PyObject boxed = PyObject.From<object>(new object[] { Shade.Light });
        boxed.Repr().ShouldBe("['LIGHT']");
    }

    [Fact]
    public void EnumWithClass_IsWrittenAsItsMember()
    {
        _ = s_module.Value;
        using PyObject painted = PyObject.From(new Painted(Shade.Light, Color.DarkBlue, new Dictionary<string, Level> { ["a"] = Level.High }));
        painted.Repr().ShouldBe("{'shade': 'LIGHT', 'color': <Color.DARK_BLUE: 'blue'>, 'levels': {'a': <Level.HIGH: 2>}}");
        Painted back = painted.As<Painted>();
        (back.Shade, back.Color, back.Levels!["a"]).ShouldBe((Shade.Light, Color.DarkBlue, Level.High));
        using PyObject red = PyObject.From(Color.Red);
        red.Repr().ShouldBe("<Color.RED: 'red'>");
        Value<Color>("'red'").ShouldBe(Color.Red);
        Value<Color>("Color.RED").ShouldBe(Color.Red);
        Value<Level>("2").ShouldBe(Level.High);
        Value<DayOfWeek>("Level.HIGH").ShouldBe(DayOfWeek.Tuesday);
    }

    [Theory]
    [InlineData("'blue'", "The Python 'str' blue is out of the range of PyAsync.Tests.Shade (LIGHT, very-dark).")]
    [InlineData("Color.RED", "The Python 'records.Color' Color.RED is out of the range of PyAsync.Tests.Shade (LIGHT, very-dark).")]
    public void EnumByName_UnknownText_ListsTheTexts(string text, string message) =>
        Should.Throw<PythonOverflowException>(() => Value<Shade>(text)).Message.ShouldBe(message);

    [Fact]
    public void EnumByName_OtherValues_AreRefused()
    {
        Should.Throw<PythonTypeErrorException>(() => Value<Shade>("1")).Message.ShouldBe("A Python 'int' cannot be converted to PyAsync.Tests.Shade.");
        Should.Throw<PythonTypeErrorException>(() => Value<Painted>("{'shade': 1}")).Message.ShouldBe("Field 'shade': a Python 'int' cannot be converted to PyAsync.Tests.Shade.");
        Should.Throw<ArgumentOutOfRangeException>(() => PyObject.From((Shade)7)).Message.ShouldContain("has no member with the value 7");
    }
}
