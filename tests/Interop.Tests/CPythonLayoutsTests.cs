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
        string counts = IsDebugBuild() ? "" : "reference counts, ";
        string rest = IsDebugBuild() ? "reference counts" : "none";

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

    private static bool IsDebugBuild()
    {
        using PyObject sys = PyObject.Import("sys");
        return sys.HasAttr("gettotalrefcount");
    }
}
