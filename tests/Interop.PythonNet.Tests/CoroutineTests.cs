using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Coroutines and other awaitables that Python passes to C# parameters.</summary>
public sealed class CoroutineTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    private const string Define = """
        started = 0
        async def work(value):
            nonlocal started
            started += 1
            await asyncio.sleep(0.001)
            return value
        async def fail():
            await asyncio.sleep(0)
            raise ValueError('from Python')
        async def items(n):
            for i in range(n):
                await asyncio.sleep(0)
                yield i

        """;

    private readonly Service _service = new();

    [Theory]
    [InlineData("await service.Double(work(21))")]
    [InlineData("await service.Double(asyncio.ensure_future(work(21)))")]
    [InlineData("await service.Double(service.Later(21))")]
    [InlineData("await service.Double(service.Now(21))")]
    [InlineData("await service.DoubleValue(work(21))")]
    public async Task AnAwaitable_BecomesATask(string expression)
    {
        (await OnLoop<int>(Define + $"return {expression}", Service)).ShouldBe(42);
        (await OnForeignLoop<int>(Define + $"return {expression}", Service)).ShouldBe(42);
    }

    [Fact]
    public async Task AnObjectWithAwait_BecomesATask()
    {
        const string Body = """
            class Awaitable:
                def __await__(self):
                    yield from asyncio.sleep(0).__await__()
                    return 21
            return await service.Double(Awaitable())
            """;

        (await OnLoop<int>(Body, Service)).ShouldBe(42);
    }

    [Fact]
    public async Task ACoroutineForATaskWithoutAResult_IsWaitedFor() =>
        (await OnLoop<string>(Define + "return await service.WaitFor(work('ignored'))", Service)).ShouldBe("done");

    [Fact]
    public async Task ACoroutineForAnOverloadedMethod_RunsOnce() =>
        (await OnLoop<string>(Define + "return await service.Overloaded(work(21)) + f', started {started}'", Service))
            .ShouldBe("plain: 21, started 1");

    [Fact]
    public async Task AnAsyncGenerator_BecomesAStream()
    {
        (await OnLoop<int>(Define + "return await service.Sum(items(10))", Service)).ShouldBe(45);
        (await OnForeignLoop<int>(Define + "return await service.Sum(items(10))", Service)).ShouldBe(45);
    }

    [Fact]
    public async Task AStreamOfDotNet_ComesBackAsItself() =>
        (await OnLoop<int>("return await service.Sum(service.Count(10))", Service)).ShouldBe(45);

    [Fact]
    public async Task AFailingCoroutine_FailsItsTask() =>
        (await OnLoop<string>(Define + "return await service.Catch(fail())", Service))
            .ShouldBe("PyAsync.Interop.PythonException: ValueError: from Python");

    [Fact]
    public async Task AResultOfAnotherType_FailsTheTask() =>
        (await OnLoop<string>(Define + "return await service.Catch(work('text'))", Service)).ShouldStartWith("System.InvalidCastException");

    [Fact]
    public async Task APythonExceptionThatGoesThroughCSharp_IsTheSameObject()
    {
        const string Body = Define + """
            error = ValueError('the one')
            async def fail_with_it():
                raise error
            try:
                await service.Double(fail_with_it())
            except ValueError as e:
                return e is error
            """;

        (await OnLoop<bool>(Body, Service)).ShouldBeTrue();
    }

    [Fact]
    public async Task APythonFunction_IsCalledBackAndAwaited() =>
        (await OnLoop<int>(
            Define + """
            from System import Func, Int32
            from System.Threading.Tasks import Task
            async def callback(value):
                return await service.Later(value) + 1
            return await service.CallBack(Func[Int32, Task[Int32]](callback))
            """,
            Service)).ShouldBe(21);

    [Fact]
    public async Task WithoutALoopOnTheThread_ACoroutineRunsOnTheRuntimes() =>
        (await WithoutLoop<string>(
            """
            import threading
            async def where():
                await asyncio.sleep(0)
                return threading.current_thread() is not here
            here = threading.current_thread()
            task = service.Where(where())
            task.Wait()
            result = str(task.Result)
            """,
            ("service", new Blocking()))).ShouldBe("True");

    [Fact]
    public async Task WithoutAnyLoop_TheTaskSaysSo()
    {
        PyAsyncCodecs.Register();
        try
        {
            string failure = await WithoutLoop<string>(
                """
                import warnings
                warnings.simplefilter('error')
                async def work():
                    return 1
                result = service.FailureOf(work())
                gc.collect()
                """,
                Service);
            failure.ShouldStartWith("There is no event loop to use");
        }
        finally
        {
            PyAsyncCodecs.Register(Runtime);
        }
    }

    [Fact]
    public async Task WhatIsNoAwaitable_IsATypeError()
    {
        const string Body = """
            try:
                service.Double(21)
            except TypeError as e:
                return str(e)
            """;

        (await OnLoop<string>(Body, Service)).ShouldStartWith("No method matches given arguments for Service.Double");
    }

    [Fact]
    public async Task ATaskThatWasHandedOverWithoutALoop_ComesBackAsItself() =>
        (await WithoutLoop<bool>("result = service.IsSame(service.Open)", Service)).ShouldBeTrue();

    private (string Name, object Value) Service => ("service", _service);

    public sealed class Blocking
    {
        public Task<bool> Where(Task<bool> work) => work;
    }
}
