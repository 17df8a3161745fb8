using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Integers that are read in CPython's private layout: the probe finds it on every Python here, and other integers are read by a call.</summary>
public sealed class CompactIntegerTests
{
    [Fact]
    public void TryRead_OnAPythonThatIsKnown_ReadsOneDigit()
    {
        Assert.SkipUnless(CPythonLayouts.AreAllowed, CPythonLayouts.Describe());
        using AttachScope scope = PythonThread.Attach();
        foreach (long number in (long[])[0, 1, -1, 12_345, -12_345, (1 << 30) - 1, 1 - (1 << 30)])
        {
            using NewReference integer = CPython.PyLong_FromLongLong(number).OrThrow();

            CompactInteger.TryRead(integer.Borrow(), out long value).ShouldBeTrue();

            value.ShouldBe(number);
        }
    }

    [Fact]
    public void TryRead_OfTwoDigits_LeavesItToCPython()
    {
        using AttachScope scope = PythonThread.Attach();
        foreach (long number in (long[])[1 << 30, -(1 << 30), long.MaxValue, long.MinValue])
        {
            using NewReference integer = CPython.PyLong_FromLongLong(number).OrThrow();

            CompactInteger.TryRead(integer.Borrow(), out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void Convert_AroundEachPowerOfTwo_GivesThatNumber()
    {
        using PyObject power = Evaluate("lambda k, d, s: s * (2 ** k + d)");
        for (int k = 0; k < 63; k++)
        {
            for (int d = -2; d <= 1; d++)
            {
                long expected = (long)((Int128.One << k) + d);

                power.Call([k, d, 1], PyConvert.Int64).ShouldBe(expected);
                power.Call([k, d, -1], PyConvert.Int64).ShouldBe(-expected);
            }
        }
    }

    [Theory]
    [InlineData("True", 1)]
    [InlineData("False", 0)]
    [InlineData("type('Number', (int,), {})(0)", 0)]
    [InlineData("__import__('enum').IntEnum('Number', {'five': -5}).five", -5)]
    [InlineData("type('Number', (int,), {'more': 1})(7)", 7)]
    [InlineData("type('Number', (int,), {'__index__': lambda self: 8})(0)", 0)]
    [InlineData("type('Number', (), {'__index__': lambda self: 9})()", 9)]
    public void Convert_OfWhatIsAnInteger_GivesItsValue(string expression, int expected)
    {
        using PyObject value = Evaluate(expression);

        value.As(PyConvert.Int32).ShouldBe(expected);
    }

    private static PyObject Evaluate(string expression)
    {
        using PyObject module = PyObject.ImportSource("value = " + expression);
        return module.GetAttr("value");
    }
}
