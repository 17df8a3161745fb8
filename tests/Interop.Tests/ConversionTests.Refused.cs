using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

// Values that do not convert, and the messages for them.
public sealed partial class ConversionTests
{
    [Fact]
    public void KeysThatAreEqualInDotNetOnly_AreRefused()
    {
        using PyObject times = Evaluate("{t: 1, t.replace(tzinfo=d.timezone.utc): 2}", "import datetime as d\nt = d.datetime(2024, 7, 2)");

        Should.Throw<PythonTypeErrorException>(() => times.As<Dictionary<DateTime, int>>()).Message.ShouldContain("it has keys that are equal in .NET");
    }

    [Fact]
    public void NoneAsAKey_IsAPyObjectIfKeysAreObjects()
    {
        using PyObject names = Evaluate("{None: 1, 'a': 2}");

        Dictionary<object, int> converted = names.As<Dictionary<object, int>>();

        converted[PyObject.None].ShouldBe(1);
        using PyObject back = PyObject.From(converted);
        back.PythonEquals(names).ShouldBeTrue();
        Should.Throw<PythonTypeErrorException>(() => names.As<Dictionary<string, int>>()).Message.ShouldContain("has no key null");
    }

    [Theory]
    [InlineData("'Red'", "'str' cannot be converted to PyAsync.Tests.ConversionTests+Color.")]
    [InlineData("enum.Enum('Word', {'RED': 'red'}).RED", "Word' cannot be converted to PyAsync.Tests.ConversionTests+Color.")]
    public void Enum_OfAnotherType_IsNamedInTheMessage(string expression, string message)
    {
        using PyObject value = Evaluate(expression, "import enum");

        Should.Throw<PythonTypeErrorException>(() => value.As<Color>()).Message.ShouldEndWith(message);
    }

    [Fact]
    public void Enum_NumberThatNoIntegerHolds_IsOutOfItsRange()
    {
        using PyObject value = Evaluate("2**70");

        Should.Throw<PythonOverflowException>(() => value.As<Color>()).Message.ShouldContain("is out of the range of PyAsync.Tests.ConversionTests+Color (Red, Green)");
    }
}
