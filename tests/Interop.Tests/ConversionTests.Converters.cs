using System.Collections.Frozen;
using System.Numerics;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

// Finding and composing converters.
public sealed partial class ConversionTests
{
    [Fact]
    public void For_UnknownType_NamesItAndTheWhole()
    {
        Should.Throw<NotSupportedException>(() => PyConvert.For<Uri>()).Message.ShouldContain("System.Uri");
        Should.Throw<NotSupportedException>(() => PyConvert.For<List<Uri>>()).Message.ShouldContain("part of System.Collections.Generic.List<System.Uri>");
    }

    [Fact]
    public void Register_OwnConverter_IsFoundInComposedTypes()
    {
        PyConvert.Register(new VersionConverter());

        RoundTrip(new Version(1, 2, 3), "'1.2.3'");
        RoundTrip(new Dictionary<string, Version?[]> { ["a"] = [new Version(1, 0)] }, "{'a': ['1.0']}");
    }

    [Fact]
    public void Composed_WithoutReflection_EqualsTheReflectedForm()
    {
        PyConverter<Dictionary<string, List<(int First, double? Second)>>> converter =
            PyConvert.Dictionary(PyConvert.String, PyConvert.List(PyConvert.Tuple(PyConvert.Int32, PyConvert.Nullable(PyConvert.Double))));

        using PyObject o = converter.ToPython(new() { ["a"] = [(1, null), (2, 0.5)] });

        o.Repr().ShouldBe("{'a': [(1, None), (2, 0.5)]}");
        converter.FromPython(o)["a"].ShouldBe([(1, null), (2, 0.5)]);
    }

    [Fact]
    public void GivenConverter_RefusesNone_UnlessItsTypeIsNullable()
    {
        using PyObject none = Evaluate("None");
        using PyObject list = Evaluate("['a', None]");

        Should.Throw<PythonTypeErrorException>(() => none.As(PyConvert.String)).Message.ShouldEndWith("For a value that may be None, declare the type nullable, or pass PyConvert.OrNull(converter).");
        Should.Throw<PythonTypeErrorException>(() => none.As(PyConvert.Bytes));
        Should.Throw<PythonTypeErrorException>(() => none.As(PyConvert.Array(PyConvert.String))).Message.ShouldContain("OrNull");
        Should.Throw<PythonTypeErrorException>(() => none.As(PyConvert.Set(PyConvert.String)));
        Should.Throw<PythonTypeErrorException>(() => none.As(PyConvert.Dictionary(PyConvert.String, PyConvert.Int32)));
        Should.Throw<PythonTypeErrorException>(() => list.As(PyConvert.Array(PyConvert.String))).Message.ShouldStartWith("Item 1:");

        none.As(PyConvert.OrNull(PyConvert.String)).ShouldBeNull();
        none.As(PyConvert.OrNull(PyConvert.Dictionary(PyConvert.String, PyConvert.Int32))).ShouldBeNull();
        list.As(PyConvert.Array(PyConvert.OrNull(PyConvert.String))).ShouldBe(["a", null]);
        PyConvert.OrNull(PyConvert.String).ToPython(null).IsNone.ShouldBeTrue();
        none.As<string?>().ShouldBeNull("string and string? are one type at run time");
    }
}
