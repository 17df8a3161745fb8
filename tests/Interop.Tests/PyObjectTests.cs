using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed partial class PyObjectTests
{
    [Theory]
    [InlineData("x = 1\n\ny = '\0'", "Line 3 ")]
    [InlineData("\0", "Line 1 ")]
    public void ImportSource_WithANul_ThrowsAndNamesTheLine(string source, string expected) =>
        Should.Throw<ArgumentException>(() => PyObject.ImportSource(source)).Message.ShouldStartWith(expected);

    [Fact]
    public void Attributes_GetSetDelete_WorkAsInPython()
    {
        using PyObject module = PyObject.ImportSource("class Thing:\n    kind = 'thing'\nthing = Thing()");
        using PyObject thing = module.GetAttr("thing");

        thing.GetAttr("kind").As<string>().ShouldBe("thing");
        thing.HasAttr("missing").ShouldBeFalse();
        thing.TryGetAttr("missing").ShouldBeNull();
        thing.SetAttr("size", 3);
        thing.GetAttr("size").As<int>().ShouldBe(3);
        thing.Dir().ShouldContain("size");
        thing.DelAttr("size");
        thing.HasAttr("size").ShouldBeFalse();
        Should.Throw<PythonException>(() => thing.GetAttr("missing")).TypeName.ShouldBe("builtins.AttributeError");
        Should.Throw<PythonException>(() => thing.DelAttr("size")).TypeName.ShouldBe("builtins.AttributeError");
        Should.Throw<ArgumentException>(() => thing.GetAttr(""));
    }

    [Fact]
    public void GetAttr_OfAType_ConvertsTheAttributeAndNamesItIfItCannot()
    {
        using PyObject module = PyObject.ImportSource("class Thing:\n    kind = 'thing'\n    size = 3\nthing = Thing()");
        using PyObject thing = module.GetAttr("thing");

        thing.GetAttr<int>("size").ShouldBe(3);
        thing.GetAttr("kind", PyConvert.String).ShouldBe("thing");
        using (PyObject kind = thing.GetAttr<PyObject>("kind"))
        {
            kind.As<string>().ShouldBe("thing");
        }

        Should.Throw<PythonTypeErrorException>(() => thing.GetAttr<int>("kind")).Message.ShouldStartWith("the attribute 'kind': ", Case.Insensitive);
        Should.Throw<PythonException>(() => thing.GetAttr<int>("missing")).TypeName.ShouldBe("builtins.AttributeError");
        Should.Throw<ArgumentException>(() => thing.GetAttr<int>(""));
        Should.Throw<ArgumentNullException>(() => thing.GetAttr<int>("size", null!));
    }

    [Fact]
    public void TryGetAttr_PropertyThatFails_ThrowsItsOwnError()
    {
        using PyObject module = PyObject.ImportSource("class Thing:\n    @property\n    def broken(self): raise ValueError('inside')\nthing = Thing()");

        Should.Throw<PythonException>(() => module.GetAttr("thing").TryGetAttr("broken")).TypeName.ShouldBe("builtins.ValueError");
    }

    [Fact]
    public void Items_ListAndDict_WorkAsInPython()
    {
        using PyObject list = PyObject.From(new[] { 10, 20, 30 });
        list[0].As<int>().ShouldBe(10);
        list[-1].As<int>().ShouldBe(30);
        list.Length.ShouldBe(3);
        using PyObject five = PyObject.From(5);
        list[1] = five;
        list.Items().Select(item => item.As<int>()).ShouldBe([10, 5, 30]);
        list.Contains(five).ShouldBeTrue();
        Should.Throw<PythonException>(() => list[9]).TypeName.ShouldBe("builtins.IndexError");

        using PyObject dict = PyObject.From(new Dictionary<string, int> { ["a"] = 1 });
        dict["b"] = five;
        dict["b"].As<int>().ShouldBe(5);
        using PyObject key = PyObject.From("a");
        dict.DelItem(key);
        dict.Length.ShouldBe(1);
        Should.Throw<PythonException>(() => dict["a"]).TypeName.ShouldBe("builtins.KeyError");
    }

    [Fact]
    public void Iterate_NotIterableOrFailing_ThrowsPythonsError()
    {
        using PyObject module = PyObject.ImportSource("def gen():\n    yield 1\n    raise ValueError('later')");
        Should.Throw<PythonException>(() => PyObject.From(5).Items().ToList()).TypeName.ShouldBe("builtins.TypeError");
        Should.Throw<PythonException>(() => module.CallMethod("gen").Items().ToList()).Message.ShouldContain("later");
        Should.Throw<PythonException>(() => PyObject.From(5).Length).TypeName.ShouldBe("builtins.TypeError");
    }

    [Fact]
    public void Call_PositionalAndKeyword_ReachTheirParameters()
    {
        using PyObject module = PyObject.ImportSource("def f(a, b=2, *rest, c=3, **more): return [a, b, list(rest), c, more]");
        using PyObject f = module.GetAttr("f");

        f.Call([1]).Repr().ShouldBe("[1, 2, [], 3, {}]");
        f.Call([1, 2L, "x", null as string, PyArgument.Named("c", 5), PyArgument.Named("d", new byte[] { 1 })]).Repr()
            .ShouldBe("[1, 2, ['x', None], 5, {'d': b'\\x01'}]");
        f.Call([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).Repr().ShouldBe("[1, 2, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 3, {}]");
        f.Call<List<object?>>([f]).Count.ShouldBe(5);
        Should.Throw<PythonException>(() => f.Call()).Message.ShouldContain("missing 1 required positional argument");
        Should.Throw<ArgumentException>(() => f.Call([PyArgument.Named("a", 1), 2])).Message.ShouldContain("follows");
        Should.Throw<PythonException>(() => PyObject.From(5).Call()).Message.ShouldContain("not callable");
    }

    [Fact]
    public void Comparison_FollowsPython()
    {
        using PyObject one = PyObject.From(1);
        using PyObject alsoOne = PyObject.From(1.0);
        using PyObject two = PyObject.From(2);
        using PyObject text = PyObject.From("x");

        one.PythonEquals(alsoOne).ShouldBeTrue();
        one.PythonEquals(two).ShouldBeFalse();
        one.PythonEquals(null).ShouldBeFalse();
        one.PythonHash().ShouldBe(alsoOne.PythonHash());
        one.Is(alsoOne).ShouldBeFalse();
        one.CompareTo(two).ShouldBe(-1);
        two.CompareTo(one).ShouldBe(1);
        one.CompareTo(alsoOne).ShouldBe(0);
        Should.Throw<PythonException>(() => one.CompareTo(text)).TypeName.ShouldBe("builtins.TypeError");
        Should.Throw<PythonException>(() => PyObject.From(Array.Empty<int>()).PythonHash()).Message.ShouldContain("unhashable");
    }

    [Fact]
    public void Equality_IsIdentity_AndRunsNoPythonCode()
    {
        using PyObject module = PyObject.ImportSource("""
            calls = 0

            class Hostile:
                def __eq__(self, other):
                    global calls
                    calls += 1
                    raise ValueError("asked")

                def __hash__(self):
                    global calls
                    calls += 1
                    raise ValueError("asked")
            """);
        using PyObject hostile = module.CallMethod("Hostile");
        using PyObject same = hostile.Clone();
        using PyObject other = module.CallMethod("Hostile");
        using PyObject list = PyObject.From(new[] { 1 });
        using PyObject equalList = PyObject.From(new[] { 1 });
        PyObject disposed = hostile.Clone();

        hostile.Equals(same).ShouldBeTrue();
        hostile.GetHashCode().ShouldBe(same.GetHashCode());
        hostile.Equals(other).ShouldBeFalse();
        hostile.Equals((object)"1").ShouldBeFalse();
        hostile.Equals(null).ShouldBeFalse();
        list.Equals(equalList).ShouldBeFalse();
        new Dictionary<PyObject, string> { [hostile] = "hostile", [list] = "list" }[same].ShouldBe("hostile");
        module.GetAttr("calls").As<int>().ShouldBe(0);
        Should.Throw<PythonException>(() => hostile.PythonEquals(other)).Message.ShouldContain("asked");
        Should.Throw<PythonException>(() => hostile.PythonHash()).Message.ShouldContain("asked");

        int hash = disposed.GetHashCode();
        disposed.Dispose();
        disposed.GetHashCode().ShouldBe(hash, "a key that is disposed is found still");
        disposed.Equals(disposed).ShouldBeTrue();
        disposed.Equals(hostile).ShouldBeFalse("its memory may be another object's by now");
    }

    [Fact]
    public void Text_StrAndRepr_AndTypeNames()
    {
        using PyObject text = PyObject.From("é");
        text.ToString().ShouldBe("é");
        text.Repr().ShouldBe("'é'");
        text.TypeName.ShouldBe("str");
        PyObject.None.IsNone.ShouldBeTrue();
        text.IsTrue().ShouldBeTrue();
        using PyObject builtins = PyObject.Import("builtins");
        text.IsInstance(builtins.GetAttr("str")).ShouldBeTrue();
        text.GetPythonType().Is(builtins.GetAttr("str")).ShouldBeTrue();
        builtins.GetAttr("print").IsCallable.ShouldBeTrue();
        using PyObject module = PyObject.ImportSource("class Odd:\n    def __str__(self): raise ValueError()\nodd = Odd()", "odd");
        module.GetAttr("odd").ToString().ShouldBe("<odd.Odd whose str() failed>");
    }

    [Fact]
    public void Import_MissingModuleOrBadSource_ThrowsPythonsError()
    {
        Should.Throw<PythonException>(() => PyObject.Import("no_such_module")).TypeName.ShouldBe("builtins.ModuleNotFoundError");
        Should.Throw<PythonException>(() => PyObject.ImportSource("def (:", "bad")).TypeName.ShouldBe("builtins.SyntaxError");
        Should.Throw<PythonException>(() => PyObject.ImportSource("1 / 0", "bad")).Traceback.ShouldContain("<bad");
    }
}
