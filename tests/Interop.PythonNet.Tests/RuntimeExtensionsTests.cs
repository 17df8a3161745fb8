using PyAsync.Interop;
using Python.Runtime;
using Shouldly;
using Xunit;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Tests;

public sealed class RuntimeExtensionsTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    private const string Source = """
        import asyncio
        async def work(x):
            await asyncio.sleep(0.001)
            return x
        async def add_one(awaitable):
            return await awaitable + 1
        async def sleep(seen):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                seen.append('cleaned up')
                raise
        """;

    [Fact]
    public async Task ACoroutine_IsAwaited()
    {
        ForeignObject result;
        using (Coroutine coroutine = Make("work", 7))
        {
            result = await Runtime.IntoFuture(coroutine.Object);
        }

        using Py.GILState gil = Py.GIL();
        result.As<int>().ShouldBe(7);
        result.Dispose();
    }

    [Fact]
    public async Task ACoroutine_IsAwaited_ConvertedAsPythonNetOrPyAsyncDoes()
    {
        using Coroutine first = Make("work", 7);
        using Coroutine second = Make("work", 8);

        (await Runtime.IntoFuture<long>(first.Object)).ShouldBe(7);
        (await Runtime.In(new EventLoopContext(Runtime.GetCurrentLoop())).IntoFuture(second.Object, PyConvert.Int32)).ShouldBe(8);
    }

    [Fact]
    public async Task AFactory_RunsOnTheLoop()
    {
        (await Runtime.IntoFuture<int>(() => Module().InvokeMethod("work", new PyInt(9)))).ShouldBe(9);
        ForeignObject result = await Runtime.IntoFuture(() => Module().InvokeMethod("work", new PyInt(10)));
        using Py.GILState gil = Py.GIL();
        result.As<int>().ShouldBe(10);
    }

    [Fact]
    public async Task AFactoryThatGivesNothing_IsRefused() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => Runtime.IntoFuture<int>(() => (ForeignObject)null!)))
            .Message.ShouldBe("The factory of an awaitable returned null; it must return a coroutine, a future or another awaitable.");

    [Fact]
    public async Task ACancelledToken_CancelsTheTask_AndItsCleanUpIsWaitedFor()
    {
        using var cts = new CancellationTokenSource();
        ForeignObject seen = NewList();
        Task work = Runtime.IntoFuture(() => Module().InvokeMethod("sleep", seen), cts.Token);
        await Runtime.InvokeAsync(() => { });
        await cts.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(work)).CancellationToken.ShouldBe(cts.Token);
        using Py.GILState gil = Py.GIL();
        seen.ToString().ShouldBe("['cleaned up']");
    }

    [Fact]
    public async Task ATask_BecomesAnAwaitableOfPythonNets()
    {
        (await AddOne(Runtime.FutureIntoPythonNet(Later(1)))).ShouldBe(2);
        (await AddOne(Runtime.FutureIntoPythonNet(Task.FromResult(2)))).ShouldBe(3);
        (await AddOne(Runtime.FutureIntoPythonNet(_ => Later(3)))).ShouldBe(4);
    }

    [Fact]
    public async Task ATaskWithoutAResult_BecomesAnAwaitableOfPythonNets()
    {
        (await IsNone(Runtime.FutureIntoPythonNet(Task.Delay(1)))).ShouldBeTrue();
        (await IsNone(Runtime.FutureIntoPythonNet(cancellationToken => Task.Delay(1, cancellationToken)))).ShouldBeTrue();

        async Task<bool> IsNone(ForeignObject awaitable)
        {
            ForeignObject result = await Runtime.IntoFuture(awaitable);
            using Py.GILState gil = Py.GIL();
            return result.IsNone();
        }
    }

    [Fact]
    public async Task Work_IsCancelledByPython()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ForeignObject awaitable = Runtime.FutureIntoPythonNet(async cancellationToken =>
        {
            _ = cancellationToken.Register(cancelled.SetResult); // Not disposed: the end of the delay, whose registration is notified first, would remove it.
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        });
        await begun.Task; // Work that is cancelled before it begins is never called.
        Task waiting = Runtime.IntoFuture(awaitable);
        await Runtime.InvokeAsync(() => awaitable.InvokeMethod("cancel").Dispose());

        await cancelled.Task;
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task AClassOfDotNets_ComesBackAsItself()
    {
        var customer = new Customer { Name = "Ada" };
        using PyObject module = PyObject.ImportSource(Source);

        Customer same = await Runtime.CallAsync(module.GetAttr("work"), [PyArgument.Of(customer, PythonNetConvert.For<Customer>())], PythonNetConvert.For<Customer>());

        same.ShouldBeSameAs(customer);
    }

    private static async Task<int> Later(int value)
    {
        await Task.Yield();
        return value;
    }

    private Task<int> AddOne(ForeignObject awaitable) =>
        Runtime.IntoFuture<int>(() => Module().InvokeMethod("add_one", awaitable));

    private static PyModule Module()
    {
        PyModule module = Py.CreateScope();
        module.Exec(Source);
        return module;
    }

    private static Coroutine Make(string function, int argument)
    {
        using Py.GILState gil = Py.GIL();
        using PyModule module = Module();
        return new Coroutine(module.InvokeMethod(function, new PyInt(argument)));
    }

    private static PyList NewList()
    {
        using Py.GILState gil = Py.GIL();
        return new PyList();
    }

    /// <summary>Disposes a pythonnet object with the GIL held, on any thread.</summary>
    private sealed class Coroutine(ForeignObject o) : IDisposable
    {
        public ForeignObject Object => o;

        public void Dispose()
        {
            using Py.GILState gil = Py.GIL();
            o.Dispose();
        }
    }
}
