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
}
