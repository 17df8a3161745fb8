using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>What is read in places that CPython keeps to itself: that it is found there, on every Python here, and what happens where it is not.</summary>
public sealed class ThreadStateTests
{
    [Fact]
    public void Layout_OnAPythonThatIsKnown_FindsBoth()
    {
        using AttachScope scope = PythonThread.Attach();

        ThreadStateLayout layout = PythonInterpreter.Current.ThreadState;

        layout.Context.ShouldNotBe(ThreadStateLayout.NotFound);
        layout.Dictionary.ShouldNotBe(ThreadStateLayout.NotFound);
    }

    [Fact]
    public void Context_WithinContextRun_IsThatContext()
    {
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

        var thread = new RunningThread(ThreadStateLayout.Unknown);

        thread.Context.IsNull.ShouldBeTrue();
        (thread.Dictionary == CPython.PyThreadState_GetDict()).ShouldBeTrue();
    }
}
