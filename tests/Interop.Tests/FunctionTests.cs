using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class FunctionTests
{
    [Fact]
    public void Create_Function_LooksLikeOneOfPythons()
    {
        using PyObject f = PyFunction.Create("greet", arguments => PyObject.From("hello " + arguments.Get<string>(0)), "Returns a greeting.");

        f.GetAttr("__name__").As<string>().ShouldBe("greet");
        f.GetAttr("__doc__").As<string>().ShouldBe("Returns a greeting.");
        f.Repr().ShouldBe("<C# function greet>");
        f.IsCallable.ShouldBeTrue();
        f.Call<string>(["you"]).ShouldBe("hello you");
        using PyObject module = PyObject.ImportSource("import functools, weakref\ndef wrap(f):\n    w = functools.wraps(f)(lambda x: f(x))\n    weakref.ref(f)\n    f.mark = 1\n    return w");
        module.CallMethod("wrap", [f]).GetAttr("__name__").As<string>().ShouldBe("greet");
    }

    [Fact]
    public void Arguments_Missing_SayHowMany()
    {
        using PyObject f = PyFunction.Create("f", arguments =>
        {
            arguments.ThrowIfNotOf(2);
            return null;
        });

        Should.Throw<PythonTypeErrorException>(() => f.Call([1])).Message.ShouldBe("f() takes exactly 2 arguments (1 given)");
        Should.Throw<PythonTypeErrorException>(() => f.Call([1, PyArgument.Named("x", 2)])).Message.ShouldBe("f() takes no keyword arguments");
        f.Call([1, 2]).IsNone.ShouldBeTrue();
    }

    [Fact]
    public void Arguments_ByKeyword_AreFound()
    {
        using PyObject f = PyFunction.Create("f", arguments =>
            PyObject.From((arguments.Count, arguments.KeywordCount, arguments.GetKeyword("size", PyConvert.Int32, -1))));

        f.Call<(int, int, int)>([1, PyArgument.Named("size", 9)]).ShouldBe((1, 1, 9));
        f.Call<(int, int, int)>().ShouldBe((0, 0, -1));
    }

    [Fact]
    public void Exceptions_OfTheTable_ArriveAsTheirCounterparts()
    {
        (Exception Thrown, string Expected)[] cases =
        [
            (new ArgumentOutOfRangeException(), "ValueError"),
            (new KeyNotFoundException(), "KeyError"),
            (new NotImplementedException(), "NotImplementedError"),
            (new FileNotFoundException(), "FileNotFoundError"),
            (new EndOfStreamException(), "OSError"),
            (new TimeoutException(), "TimeoutError"),
            (new OperationCanceledException(), "CancelledError"),
            (new OperationCanceledException(CancelledToken()), "CancelledError"),
            (new TaskCanceledException("time-out of HttpClient", new TimeoutException()), "TimeoutError"),
            (new AggregateException(new KeyNotFoundException()), "KeyError"),
            (new DivideByZeroException(), "ZeroDivisionError"),
            (new UnauthorizedAccessException(), "PermissionError"),
            (new InvalidCastException(), "TypeError"),
            (new HttpRequestException(HttpRequestError.ConnectionError), "ConnectionError"),
            (new HttpRequestException("404"), "OSError"),
            (new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused), "ConnectionRefusedError"),
            (new InvalidOperationException(), "DotNetException"),
        ];
        using PyObject module = PyObject.ImportSource("def name(f):\n    try: f()\n    except BaseException as e: return type(e).__name__");
        foreach ((Exception thrown, string expected) in cases)
        {
            using PyObject f = PyFunction.Create("f", () => throw thrown);
            module.CallMethod<string>("name", [f]).ShouldBe(expected);
        }

        static CancellationToken CancelledToken()
        {
            using var cts = new CancellationTokenSource();
            cts.Cancel();
            return cts.Token;
        }
    }

    [Fact]
    public void Exception_WithInner_BecomesACause()
    {
        using PyObject f = PyFunction.Create("f", () => throw new InvalidOperationException("outer", new ArgumentException("inner")));
        using PyObject module = PyObject.ImportSource("def cause(f):\n    try: f()\n    except Exception as e: return repr(e.__cause__), e.dotnet_type, 'FunctionTests' in e.stack_trace");

        module.CallMethod<(string, string, bool)>("cause", [f]).ShouldBe(("ValueError('inner')", "System.InvalidOperationException", true));
    }

    [Fact]
    public void Exception_RoundTripThousandTimes_IsTheSame()
    {
        var original = new InvalidOperationException("mine");
        using PyObject f = PyFunction.Create("f", () => throw original);
        using PyObject module = PyObject.ImportSource("def call(f): return f()");
        for (int i = 0; i < 1_000; i++)
        {
            Should.Throw<InvalidOperationException>(() => module.CallMethod("call", [f])).ShouldBeSameAs(original);
        }
    }

    [Fact]
    public void Result_Disposed_IsRefused()
    {
        PyObject disposed = PyObject.From(1);
        disposed.Dispose();
        using PyObject f = PyFunction.Create("f", _ => disposed);

        Should.Throw<ObjectDisposedException>(() => f.Call());
    }

    [Fact]
    public void Function_Dropped_ReleasesItsDelegate()
    {
        WeakReference target = Make();
        for (int i = 0; i < 100 && target.IsAlive; i++)
        {
            using AttachScope scope = PythonThread.Attach(); // Its end drops the queued references.
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        target.IsAlive.ShouldBeFalse();

        static WeakReference Make()
        {
            var state = new object();
            using PyObject f = PyFunction.Create("f", _ => PyObject.From(state.GetHashCode()));
            f.Call().Dispose();
            return new WeakReference(state);
        }
    }
}
