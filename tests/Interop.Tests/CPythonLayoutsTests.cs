using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The decision whether CPython's private structures are read in place, and the probe's results.</summary>
public sealed class CPythonLayoutsTests
{
    private static readonly Version s_newest = new(3, 15);

    [Theory]
    [InlineData(null, null, 15, null)]
    [InlineData(null, null, 16, "Python 3.16 is newer than 3.15, the newest known one")]
    [InlineData(null, false, 11, "the AppContext switch PyAsync.PrivateLayouts is false")]
    [InlineData(null, true, 16, null)]
    [InlineData("0", true, 11, "PYASYNC_PRIVATE_LAYOUTS=0")]
    [InlineData("1", false, 16, null)]
    [InlineData("", null, 11, null)]
    public void ReasonToBeOff_VariableThenSwitchThenVersion_Decides(string? variable, bool? isSwitchedOn, int minor, string? expected) =>
        CPythonLayouts.ReasonToBeOff(variable, isSwitchedOn, minor, s_newest).ShouldBe(expected);

    [Fact]
    public void Describe_OnAPythonThatIsKnown_NamesAll()
    {
        Assert.SkipUnless(CPythonLayouts.AreAllowed, CPythonLayouts.Describe());
        bool hasImmortals = CPython.Minor >= 12;
        string counts = IsDebugBuild() ? "" : hasImmortals ? "reference counts, immortal objects, " : "reference counts, ";
        string rest = IsDebugBuild() ? "reference counts, immortal objects" : hasImmortals ? "none" : "immortal objects";

        CPythonLayouts.Describe().ShouldBe($"on: {counts}current context, thread dictionary, context variables, small integers; not in use: {rest}");
    }

    [Fact]
    public void AreSame_ContextsWithTheSameVariables_OnlyUntilOneIsSet()
    {
        using PyObject module = PyObject.ImportSource(
            """
            import contextvars

            variable = contextvars.ContextVar("variable")
            context = contextvars.copy_context()
            copy = context.copy()
            changed = context.copy()
            changed.run(variable.set, 1)
            """);
        using PyObject context = module.GetAttr("context"), copy = module.GetAttr("copy"), changed = module.GetAttr("changed");
        using AttachScope scope = PythonThread.Attach();

        ContextVariables.AreSame(context.Reference, copy.Reference).ShouldBe(CPythonLayouts.AreAllowed);
        ContextVariables.AreSame(context.Reference, changed.Reference).ShouldBeFalse();
    }

    [Fact]
    public void ResultOf_FuturesOfAsyncio_OnlyOfThoseThatHaveAResult()
    {
        using PyObject module = PyObject.ImportSource(
            """
            import asyncio, types

            loop = types.SimpleNamespace(get_debug=bool)
            result = object()
            pending, done, failed, cancelled, of_none = [asyncio.Future(loop=loop) for _ in range(5)]
            done.set_result(result)
            of_none.set_result(None)
            failed.set_exception(RuntimeError())
            failed.exception()
            cancelled.cancel()
            Future = asyncio.Future
            """);
        using AttachScope scope = PythonThread.Attach();
        using PyObject type = module.GetAttr("Future"), result = module.GetAttr("result");
        AsyncioFutureLayout layout = AsyncioFutureLayout.Probe(type.Reference);

        layout.IsKnown.ShouldBe(CPythonLayouts.AreAllowed);
        nint ResultOf(string name)
        {
            using PyObject future = module.GetAttr(name);
            return layout.ResultOf(future.Reference).Pointer;
        }

        ResultOf("done").ShouldBe(layout.IsKnown ? result.Reference.Pointer : 0);
        ResultOf("of_none").ShouldBe(layout.IsKnown ? InterpreterState.Current.None.Pointer : 0);
        ((nint[])[ResultOf("pending"), ResultOf("failed"), ResultOf("cancelled")]).ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void Probe_ClassThatIsWrittenInPython_FindsNothing()
    {
        using PyObject module = PyObject.ImportSource(
            """
            from asyncio.futures import _PyFuture
            """);
        using AttachScope scope = PythonThread.Attach();
        using PyObject type = module.GetAttr("_PyFuture");

        AsyncioFutureLayout.Probe(type.Reference).IsKnown.ShouldBeFalse();
        CPython.PyErr_Occurred().IsNull.ShouldBeTrue();
    }

    [Fact]
    public void HasImmortals_From312On_IfReferencesAreCountedInPlace()
    {
        using AttachScope scope = PythonThread.Attach();
        BorrowedReference none = InterpreterState.Current.None;
        const int Times = 1_000; // Other references to None come and go meanwhile.
        nint before = CPython.Py_REFCNT(none);
        for (int i = 0; i < Times; i++)
        {
            ReferenceCount.Increment(none.Pointer);
        }

        nint more = CPython.Py_REFCNT(none) - before;
        for (int i = 0; i < Times; i++)
        {
            ReferenceCount.Decrement(none.Pointer);
        }

        ReferenceCount.HasImmortals.ShouldBe(CPythonLayouts.AreAllowed && !IsDebugBuild() && CPython.Minor >= 12);
        if (CPython.Minor >= 12)
        {
            more.ShouldBe(0);
        }
        else
        {
            more.ShouldBeGreaterThan(Times / 2);
        }
    }

    private static bool IsDebugBuild()
    {
        using PyObject sys = PyObject.Import("sys");
        return sys.HasAttr("gettotalrefcount");
    }
}
