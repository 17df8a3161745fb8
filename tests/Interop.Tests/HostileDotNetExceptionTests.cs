using System.Diagnostics.CodeAnalysis;
using System.Text;
using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>.NET exceptions of any depth, width and size, whose members may run any code: Python gets an exception, in bounded time and memory.</summary>
[Collection("Deep objects")]
public sealed class HostileDotNetExceptionTests
{
    private const int Deep = 100_000;

    private const string Source = """
        import traceback

        def catch(f):
            try:
                f()
            except BaseException as e:
                text = "".join(traceback.format_exception(e))
                chain, n = e, 0
                while chain is not None:
                    chain, n = chain.__cause__ or chain.__context__, n + 1
                return type(e).__name__, str(e), len(text), n, len(getattr(e, "exceptions", ())), list(getattr(e, "__notes__", ()))

        def through(f): f()
        """;

    public static TheoryData<string> Kinds => ["chain", "groups of one", "nested groups", "nested groups, twice", "wide group", "shared group", "wide and deep"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Convert_DeepOrWide_IsBounded(string kind)
    {
        Exception exception = Make(kind);
        using PyObject module = PyObject.ImportSource(Source, "hostile_dotnet");
        using PyObject f = PyFunction.Create("f", _ => throw exception);

        (string type, string message, long length, int chain, int members, _) = module.CallMethod<(string, string, long, int, int, List<string>)>("catch", [f]);

        type.ShouldBeOneOf("ValueError", "DotNetException", "ExceptionGroup");
        message.ShouldNotBeEmpty();
        message.Length.ShouldBeLessThan(1_000);
        length.ShouldBeLessThan(40_000_000);
        chain.ShouldBeLessThan(20);
        members.ShouldBeLessThanOrEqualTo(10_000);
        // It comes back unchanged.
        Should.Throw<Exception>(() => module.CallMethod("through", [f])).ShouldBeSameAs(Innermost(exception));
    }

    [Fact]
    public void Convert_WideGroup_SaysWhatIsLeftOut()
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile_dotnet");
        using PyObject f = PyFunction.Create("f", _ => throw Make("wide group"));

        (_, _, _, _, int members, List<string> notes) = module.CallMethod<(string, string, long, int, int, List<string>)>("catch", [f]);

        members.ShouldBe(10_000);
        notes.ShouldContain($"{Deep - 10_000} further exceptions are left out");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Convert_MembersThatThrowOrAreNull_IsAnException(bool throws)
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile_dotnet");
        foreach (Exception exception in new Exception[] { new Awkward(throws), new AggregateException(new Awkward(throws), new ArgumentException("b")), new ArgumentException("c", new Awkward(throws)) })
        {
            using PyObject f = PyFunction.Create("f", _ => throw exception);

            module.CallMethod<(string, string, long, int, int, List<string>)>("catch", [f]).Item1.ShouldBeOneOf("DotNetException", "ExceptionGroup", "ValueError");
            Should.Throw<Exception>(() => module.CallMethod("through", [f])).ShouldBeSameAs(exception);
        }
    }

    [Fact]
    public void Convert_EnormousTexts_AreCutOff()
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile_dotnet");
        foreach (Exception exception in new Exception[] { new Enormous(), new AggregateException(new Enormous(), new Enormous()), new ArgumentException(string.Concat(Enumerable.Repeat("\U0001F600", 1_000_000))) })
        {
            using PyObject f = PyFunction.Create("f", _ => throw exception);

            (_, string message, long length, _, _, _) = module.CallMethod<(string, string, long, int, int, List<string>)>("catch", [f]);

            message.Length.ShouldBeLessThan(200_000);
            length.ShouldBeLessThan(2_000_000);
        }
    }

    [Fact]
    public void ToString_OfAPythonExceptionFromADeepChain_IsBounded()
    {
        Exception deep = Make("chain");
        using PyObject module = PyObject.ImportSource("""
            def fail(f):
                try:
                    f()
                except Exception as e:
                    cause = e
                x = KeyError("outer")
                for i in range(2000):
                    x = ExceptionGroup("level", [x])
                raise x from cause
            """, "deep_cause");
        using PyObject f = PyFunction.Create("f", _ => throw deep);

        PythonException e = Should.Throw<PythonException>(() => module.CallMethod("fail", [f]));

        e.InnerException.ShouldBeSameAs(deep);
        e.ToString().Length.ShouldBeLessThan(1_000_000);
        e.ToString().ShouldContain("[its inner exceptions are left out]");
    }

    [Fact]
    public void Convert_AThousandTimes_CostsTheSame()
    {
        using PyObject module = PyObject.ImportSource(Source, "hostile_dotnet");
        Exception exception = Make("nested groups");
        using PyObject f = PyFunction.Create("f", _ => throw exception);
        (string, string, long Length, int, int, List<string> Notes) first = default;
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            (string, string, long Length, int, int, List<string> Notes) next = module.CallMethod<(string, string, long, int, int, List<string>)>("catch", [f]);
            first = i == 0 ? next : first;
            next.Length.ShouldBeLessThan(2 * first.Length);
            next.Notes.Count.ShouldBe(first.Notes.Count);
        }
    }

    private static Exception Make(string kind)
    {
        Exception e = new ArgumentException("innermost");
        for (int i = 0; i < Deep && kind is "chain" or "groups of one"; i++)
        {
            e = kind == "chain" ? new InvalidOperationException("level", e) : new AggregateException(e);
        }

        for (int i = 0; i < Deep && kind == "nested groups"; i++)
        {
            e = new AggregateException("level", new ArgumentException("beside"), e);
        }

        for (int i = 0; i < 60 && kind == "nested groups, twice"; i++)
        {
            e = new AggregateException("level", e, e);
        }

        return kind switch
        {
            "wide group" => new AggregateException("wide", Enumerable.Range(0, Deep).Select(i => new ArgumentException($"{i}"))),
            "shared group" => new AggregateException("wide", Enumerable.Repeat(new ArgumentException("shared"), Deep)),
            "wide and deep" => Enumerable.Range(0, 10).Aggregate(e, (inner, _) => new AggregateException("both", Enumerable.Range(0, 5_000).Select(i => new ArgumentException($"{i}", inner)))),
            _ => e,
        };
    }

    /// <summary>An AggregateException of one comes back as the inner exception.</summary>
    private static Exception Innermost(Exception e)
    {
        while (e is AggregateException { InnerExceptions: [var only] })
        {
            e = only;
        }

        return e;
    }

    private sealed class Awkward(bool throws) : Exception
    {
        public override string Message => throws ? throw new InvalidOperationException("Message") : null!;

        public override string? StackTrace => throws ? throw new InvalidOperationException("StackTrace") : null;

        public override string? Source => throws ? throw new InvalidOperationException("Source") : null;

        public override System.Collections.IDictionary Data => throws ? throw new InvalidOperationException("Data") : null!;

        public override string ToString() => throws ? throw new InvalidOperationException("ToString") : null!;

        [SuppressMessage("Design", "CA1065:Do not raise exceptions in unexpected locations", Justification = "The exception of the test is hostile.")]
        public override bool Equals(object? obj) => throws ? throw new InvalidOperationException("Equals") : true;

        public override int GetHashCode() => throws ? throw new InvalidOperationException("GetHashCode") : 0;
    }

    private sealed class Enormous : Exception
    {
        private static readonly string s_text = new StringBuilder().Insert(0, "text ", 20_000_000).ToString();

        public override string Message => s_text;

        public override string? StackTrace => s_text;

        public override string ToString() => s_text;
    }
}
