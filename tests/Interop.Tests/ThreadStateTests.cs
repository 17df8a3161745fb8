using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// Values that are read in CPython's private layouts: the probe finds them on every Python here, and CPython's functions replace those that it does not find.
/// </summary>
public sealed class ThreadStateTests
{
    [Fact]
    public void Layout_OnAPythonThatIsKnown_FindsBoth()
    {
        Assert.SkipUnless(CPythonLayouts.AreAllowed, CPythonLayouts.Describe());
        using AttachScope scope = PythonThread.Attach();

        ThreadStateLayout layout = CPythonLayouts.ThreadState;

        layout.Context.ShouldNotBe(ThreadStateLayout.NotFound);
        layout.Dictionary.ShouldNotBe(ThreadStateLayout.NotFound);
    }

    [Fact]
    public void Context_WithinContextRun_IsThatContext()
    {
        Assert.SkipUnless(CPythonLayouts.AreAllowed, CPythonLayouts.Describe());
        using PyObject contextvars = PyObject.Import("contextvars");
        using PyObject context = contextvars.CallMethod("Context");
        bool isThat = false;
        using PyObject look = PyFunction.Create("look", () => isThat = RunningThread.Current.Context == context.Reference);

        context.CallMethod("run", [look]).Dispose();

        isThat.ShouldBeTrue();
    }

    [Fact]
    public void Dictionary_InAnyThread_IsThatOfTheThread()
    {
        for (int i = 0; i < 10; i++)
        {
            bool isThat = false;
            var thread = new Thread(() =>
            {
                using AttachScope scope = PythonThread.Attach();
                isThat = RunningThread.Current.Dictionary == CPython.PyThreadState_GetDict();
            });
            thread.Start();
            thread.Join();
            isThat.ShouldBeTrue();
        }
    }

    [Fact]
    public void RunningThread_OfALayoutThatIsNotKnown_AsksCPython()
    {
        using AttachScope scope = PythonThread.Attach();

        var thread = new RunningThread(default);

        thread.Context.IsNull.ShouldBeTrue();
        (thread.Dictionary == CPython.PyThreadState_GetDict()).ShouldBeTrue();
    }
}
