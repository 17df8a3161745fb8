using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The kinds of arguments of a call.</summary>
public sealed class CallArgumentsTests
{
    private enum Colour
    {
        Red = 1,
    }

    [Fact]
    public void Call_ArgumentsOfAllKinds_AreConvertedByWhatTheyAre()
    {
        using PyObject builtins = PyObject.Import("builtins");
        using PyObject repr = PyObject.ImportSource("def f(*args, **kwargs): return repr((args, kwargs))").GetAttr("f");
        using PyObject o = PyObject.From("object");
        int? nothing = null;
        IReadOnlyList<string> list = ["a", "b"];

        repr.Call<string>([null, nothing, true, 1, 2L, 1.5, 1.5f, "text", 'c', new byte[] { 65 }]).ShouldBe("((None, None, True, 1, 2, 1.5, 1.5, 'text', 'c', b'A'), {})");
        repr.Call<string>([new[] { 1, 2 }, new List<object?> { "x", null }, list, (1, "two")]).ShouldBe("(([1, 2], ['x', None], ['a', 'b'], (1, 'two')), {})");
        repr.Call<string>([new Dictionary<string, int> { ["a"] = 1 }, new HashSet<int> { 5 }]).ShouldBe("(({'a': 1}, {5}), {})");
        repr.Call<string>([1.25m, new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"), TimeSpan.FromSeconds(1)])
            .ShouldBe("((Decimal('1.25'), UUID('01020304-0506-0708-090a-0b0c0d0e0f10'), datetime.timedelta(seconds=1)), {})");
        repr.Call<string>([o, new[] { o }, PyArgument.Named("x", null), PyArgument.Named("y", new[] { 1 }), PyArgument.Named("z", o)])
            .ShouldBe("(('object', ['object']), {'x': None, 'y': [1], 'z': 'object'})");
        repr.Call<string>([PyArgument.Of(3, PyConvert.Int32), PyArgument.Named("x", PyArgument.Of("given", new Shout()))]).ShouldBe("((3,), {'x': 'GIVEN!'})");
        builtins.CallMethod<int>("int", [Colour.Red]).ShouldBe(1);
    }

    [Fact]
    public void Call_NothingButNull_PassesNone()
    {
        using PyObject f = PyObject.ImportSource("def f(*args): return repr(args)").GetAttr("f");

        f.Call<string>([null]).ShouldBe("(None,)");
        f.Call<string>([]).ShouldBe("()");
        f.Call<string>().ShouldBe("()");
        object?[] values = [1, null];
        f.Call<string>([.. values]).ShouldBe("(1, None)");
        f.Call<string>([values]).ShouldBe("([1, None],)");
    }

    [Fact]
    public void Call_ArgumentWithoutAConversion_IsAnExceptionThatNamesTheType()
    {
        using PyObject f = PyObject.ImportSource("def f(*args): return repr(args)").GetAttr("f");

        Should.Throw<MissingConverterException>(() => f.Call([new Unconvertible()])).Message.ShouldContain(nameof(Unconvertible));
    }

    [Fact]
    public void Create_PositionalAfterNamed_IsRefused()
    {
        using PyObject f = PyObject.ImportSource("def f(*args, **kwargs): return 1").GetAttr("f");

        Should.Throw<ArgumentException>(() => f.Call([PyArgument.Named("x", 1), 2])).Message.ShouldContain("positional");
        Should.Throw<ArgumentException>(() => f.Call([PyArgument.Named("x", 1), PyArgument.Of(2, PyConvert.Int32)])).Message.ShouldContain("positional");
        Should.Throw<ArgumentException>(() => f.Call([PyArgument.Named("x", 1), null])).Message.ShouldContain("positional");
    }

    private sealed class Shout : PyConverter<string>
    {
        public override PyObject ToPython(string value) => PyObject.From(value.ToUpperInvariant() + "!", PyConvert.String);

        public override string FromPython(PyObject value) => throw new NotSupportedException();
    }

    private sealed class Unconvertible;
}
