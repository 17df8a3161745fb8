using PyAsync.Interop;
using Python.Runtime;
using Shouldly;
using Xunit;
using ForeignException = Python.Runtime.PythonException;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;
using PythonException = PyAsync.Interop.PythonException;

namespace PyAsync.Tests;

public sealed class ExceptionTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    [Fact]
    public void ToPyAsync_HasTypeMessageAndTraceback_AndTheSameObject()
    {
        using Py.GILState gil = Py.GIL();
        ForeignException theirs = Raised("def fail():\n    raise LookupError('not there')\nfail()");

        var ours = theirs.ToPyAsync().ShouldBeOfType<PythonException>();

        (ours.TypeName, ours.Error.Message).ShouldBe(("builtins.LookupError", "not there"));
        ours.Traceback.ShouldContain("in fail");
        ours.Value.Is(theirs.Value!.ToPyAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("import asyncio\nraise asyncio.CancelledError('enough')", typeof(PythonCanceledException))]
    [InlineData("raise TimeoutError('late')", typeof(PythonTimeoutException))]
    public void ToPyAsync_GivesDotNetsOwnKinds(string code, Type expected)
    {
        using Py.GILState gil = Py.GIL();
        Raised(code).ToPyAsync().ShouldBeOfType(expected);
    }

    [Fact]
    public void ToPyAsync_TakesAnExceptionThatHasNoObjectYet()
    {
        using Py.GILState gil = Py.GIL();
        using ForeignObject builtins = Py.Import("builtins");
        var theirs = new ForeignException(new PyType(builtins.GetAttr("ValueError")), new PyString("made by hand"), null);

        theirs.ToPyAsync().ShouldBeOfType<PythonException>().Message.ShouldBe("ValueError: made by hand");
    }

    [Fact]
    public void ToPythonNet_HasTypeMessageAndTraceback_AndTheSameObject()
    {
        PythonException ours = Should.Throw<PythonException>(() => PyObject.ImportSource("def fail():\n    raise LookupError('not there')\nfail()"));

        using Py.GILState gil = Py.GIL();
        ForeignException theirs = ours.ToPythonNet();

        (theirs.Type.Name, theirs.Message).ShouldBe(("LookupError", "not there"));
        theirs.Format().ShouldContain("in fail");
        theirs.InnerException.ShouldBeSameAs(ours);
        theirs.Value!.ToPyAsync().Is(ours.Value).ShouldBeTrue();
        theirs.ToPyAsync().ShouldBeOfType<PythonException>().Value.Is(ours.Value).ShouldBeTrue();
    }

    [Fact]
    public async Task PythonNetsExceptionInDotNetWork_IsTheSameExceptionToPython()
    {
        using PyObject module = PyObject.ImportSource(
            """
            error = KeyError('the one')
            def fail():
                raise error
            async def check(work):
                try:
                    await work()
                except KeyError as e:
                    return e is error
            """);
        using PyObject work = Runtime.FunctionIntoPy("work", (CancellationToken _) => Task.Run(() => Fail(module)));

        (await Runtime.CallAsync<bool>(module.GetAttr("check"), [work])).ShouldBeTrue();

        static void Fail(PyObject module)
        {
            using Py.GILState gil = Py.GIL();
            using ForeignObject theirs = module.ToPythonNet();
            theirs.InvokeMethod("fail").Dispose();
        }
    }

    [Fact]
    public async Task PyAsyncsExceptionThrownThroughPythonNet_IsTheSameExceptionToPython()
    {
        const string Body = """
            error = KeyError('the one')
            async def fail():
                raise error
            try:
                await service.Double(fail())
            except KeyError as e:
                awaited = e is error
            try:
                thrower.Throw(error)
            except KeyError as e:
                return awaited and e is error
            """;

        (await OnLoop<bool>(Body, ("service", new Service()), ("thrower", new Thrower()))).ShouldBeTrue();
    }

    [Fact]
    public async Task ADotNetExceptionOfPythonNets_ComesBackAsItself()
    {
        var thrower = new Thrower();

        Exception e = await Should.ThrowAsync<InvalidOperationException>(() => OnLoop("await asyncio.sleep(0)\nthrower.ThrowOwn()", ("thrower", thrower)));

        e.ShouldBeSameAs(thrower.Own);
        e.Data["Python.Traceback"].ShouldBeOfType<string>().ShouldContain("in main");
    }

    [Fact]
    public async Task AFailureThatPythonAwaited_ComesBackAsItself()
    {
        var thrower = new Thrower();

        (await Should.ThrowAsync<InvalidOperationException>(() => OnLoop("await thrower.ThrowOwnLater()", ("thrower", thrower)))).ShouldBeSameAs(thrower.Own);
    }

    [Fact]
    public void ADotNetExceptionOfPyAsyncs_ComesBackToPythonNetAsItself()
    {
        var own = new NotSupportedException("mine");
        using PyObject fail = PyFunction.Create("fail", () => throw own);

        using Py.GILState gil = Py.GIL();
        using ForeignObject theirs = fail.ToPythonNet();

        Should.Throw<NotSupportedException>(() => theirs.Invoke()).ShouldBeSameAs(own);
    }

    private static ForeignException Raised(string code) =>
        Should.Throw<ForeignException>(() =>
        {
            using PyModule scope = Py.CreateScope();
            scope.Exec(code);
        });

    public sealed class Thrower
    {
        public InvalidOperationException Own { get; } = new("mine");

        public void ThrowOwn() => throw Own;

        public async Task ThrowOwnLater()
        {
            await Task.Yield();
            throw Own;
        }

        /// <summary>Throws a Python error as PyAsync's exception.</summary>
        public void Throw(PyObject error) => PyObject.ImportSource("def throw(e): raise e").CallMethod("throw", [error]).Dispose();
    }
}
