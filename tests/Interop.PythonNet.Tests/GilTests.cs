using PyAsync.Interop;
using Python.Runtime;
using Shouldly;
using Xunit;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Tests;

/// <summary>The GIL, taken by one library around the calls of the other.</summary>
public sealed class GilTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    [Fact]
    public void PyAsync_InsidePyGil()
    {
        using (Py.GIL())
        {
            PythonThread.IsAttached.ShouldBeTrue();
            using (PythonThread.Attach())
            {
                PyObject.From(3).As<int>().ShouldBe(3);
            }

            PythonThread.IsAttached.ShouldBeTrue();
            new PyInt(4).As<int>().ShouldBe(4);
        }

        PythonThread.IsAttached.ShouldBeFalse();
    }

    [Fact]
    public void PyGil_InsidePyAsync()
    {
        using (PythonThread.Attach())
        {
            using (Py.GIL())
            {
                new PyInt(4).As<int>().ShouldBe(4);
            }

            PythonThread.IsAttached.ShouldBeTrue();
            PyObject.From(3).As<int>().ShouldBe(3);
        }

        PythonThread.IsAttached.ShouldBeFalse();
    }

    [Fact]
    public async Task PyGil_OnTheLoopsThread() =>
        (await Runtime.InvokeAsync(() =>
        {
            using Py.GILState gil = Py.GIL();
            return new PyInt(5).As<int>();
        })).ShouldBe(5);

    [Fact]
    public async Task ATaskThatIsStartedInsidePyGil_IsAwaitedOutside()
    {
        Task<int> started;
        using (Py.GIL())
        {
            using PyModule module = Py.CreateScope();
            module.Exec("import asyncio\nasync def work():\n    await asyncio.sleep(0.001)\n    return 7");
            using ForeignObject coroutine = module.InvokeMethod("work");
            started = Runtime.IntoFuture<int>(coroutine);
        }

        (await started).ShouldBe(7);
    }

    /// <summary>Blocking inside <c>Py.GIL()</c> would keep the GIL from the loop, which would never continue: it is released for the wait.</summary>
    [Fact]
    public void ATask_IsWaitedForInsidePyGil_WithTheGilGivenUp_AThousandTimes()
    {
        using PyObject module = PyObject.ImportSource("import asyncio\nasync def work(x):\n    await asyncio.sleep(0)\n    return x");
        Parallel.For(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using Py.GILState gil = Py.GIL();
            using ForeignObject theirs = module.ToPythonNet();
            using ForeignObject coroutine = theirs.InvokeMethod("work", new PyInt(i));
            Task<int> task = Runtime.IntoFuture<int>(coroutine);
            using (PythonThread.Detach())
            {
                task.Wait(TestContext.Current.CancellationToken);
            }

            task.Result.ShouldBe(i);
        });
    }

    [Fact]
    public void Register_InsidePyGil_AndAgain()
    {
        using Py.GILState gil = Py.GIL();
        PyAsyncCodecs.Register(Runtime);
        PyAsyncCodecs.Register(Runtime);
        PythonThread.IsAttached.ShouldBeTrue();
    }
}
