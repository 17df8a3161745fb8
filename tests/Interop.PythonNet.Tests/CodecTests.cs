using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Python awaits the results of C# methods, called through pythonnet.</summary>
public sealed class CodecTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    private readonly Service _service = new();

    [Theory]
    [InlineData("service.Later(21)")]
    [InlineData("service.Now(21)")]
    [InlineData("service.ValueLater(21)")]
    [InlineData("service.ValueNow(21)")]
    [InlineData("service.AsObject(21)")]
    [InlineData("service.Property")]
    public async Task ATask_IsAwaited(string expression)
    {
        (await OnLoop<int>($"return await {expression}", Service)).ShouldBe(21);
        (await OnForeignLoop<int>($"return await {expression}", Service)).ShouldBe(21);
    }

    [Theory]
    [InlineData("Nothing")]
    [InlineData("NothingNow")]
    [InlineData("NothingAsValueTask")]
    public async Task ATaskWithoutAResult_GivesNone(string method) =>
        (await OnLoop<bool>($"return await service.{method}() is None", Service)).ShouldBeTrue();

    [Fact]
    public async Task AResult_IsWhatPythonNetMakesOfIt() =>
        (await OnLoop<string>("return (await service.LoadCustomer('Ada')).Name", Service)).ShouldBe("Ada");

    [Fact]
    public async Task ATask_IsAFutureToAsyncio()
    {
        const string Body = """
            future = service.Open
            assert asyncio.isfuture(future), future
            seen = []
            future.add_done_callback(lambda f: seen.append(f.result()))
            assert not future.done()
            service.Gate.SetResult(7)
            done, pending = await asyncio.wait({future})
            await asyncio.sleep(0)
            return [len(done), len(pending), future.result(), await future, *seen]
            """;

        (await OnLoop<int[]>(Body, Service)).ShouldBe([1, 0, 7, 7, 7]);
    }

    [Fact]
    public async Task ManyTasks_AreGathered() =>
        (await OnForeignLoop<int>("return sum(await asyncio.gather(*(service.Later(i) for i in range(1000))))", Service)).ShouldBe(499_500);

    [Fact]
    public async Task ATimeout_LeavesTheTaskAlone()
    {
        const string Body = """
            try:
                await asyncio.wait_for(service.Open, 0.01)
            except asyncio.TimeoutError:
                return 'timed out'
            """;

        (await OnLoop<string>(Body, Service)).ShouldBe("timed out");
        _service.Gate.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task ACancelledTask_RaisesCancelledError()
    {
        const string Body = """
            try:
                await service.Cancelled()
            except asyncio.CancelledError:
                return 'cancelled'
            """;

        (await OnLoop<string>(Body, Service)).ShouldBe("cancelled");
    }

    [Fact]
    public async Task AFailure_IsTheExceptionOfASynchronousMethod()
    {
        const string Body = """
            seen = []
            try:
                service.FailNow('at once')
            except InvalidOperationException as e:
                seen.append(e.Message)
            try:
                await service.Fail('later')
            except InvalidOperationException as e:
                seen.append(e.Message)
            return seen
            """;

        (await OnLoop<string[]>(Body, Service)).ShouldBe(["at once", "later"]);
    }

    [Fact]
    public async Task SeveralFailures_AreAnAggregate()
    {
        const string Body = """
            from System import AggregateException
            try:
                await service.FailTwice()
            except AggregateException as e:
                return [inner.Message for inner in e.InnerExceptions]
            """;

        (await OnLoop<string[]>(Body, Service)).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task WithoutALoop_ATaskStaysTheDotNetObject() =>
        (await WithoutLoop<string>(
            """
            task = service.Now(21)
            result = f'{task.Result} {task.IsCompleted} {"Status" in dir(task)} {"Task" in repr(task)}'
            """,
            Service)).ShouldBe("21 True True True");

    [Fact]
    public async Task WithoutALoop_ATaskIsAwaitedLater() =>
        (await WithoutLoop<int>(
            """
            task = service.Later(21)
            async def later():
                return await task + await asyncio.wait_for(task, 60)
            result = asyncio.run(later())
            """,
            Service)).ShouldBe(42);

    [Fact]
    public async Task WithoutALoop_AwaitingFails() =>
        (await WithoutLoop<string>(
            """
            async def main():
                await service.Later(21)
            coroutine = main()
            try:
                coroutine.send(None)
            except RuntimeError as e:
                result = str(e)
            """,
            Service)).ShouldBe("no running event loop");

    [Fact]
    public async Task AStream_IsIteratedOver_AnewEachTime()
    {
        const string Body = """
            stream = service.Count(3)
            return [i async for i in stream] + [i async for i in stream]
            """;

        (await OnLoop<int[]>(Body, Service)).ShouldBe([0, 1, 2, 0, 1, 2]);
        _service.Disposals.ShouldBe(2);
    }

    [Fact]
    public async Task AStreamThatPythonLeaves_IsDisposed()
    {
        const string Body = """
            iterator = aiter(service.Count(1_000_000))
            first = await anext(iterator)
            await iterator.aclose()
            return first
            """;

        (await OnLoop<int>(Body, Service)).ShouldBe(0);
        _service.Disposals.ShouldBe(1);
    }

    [Fact]
    public async Task AStreamsFailure_IsThatOfASynchronousMethod()
    {
        const string Body = """
            seen = []
            try:
                async for i in service.CountAndFail(2):
                    seen.append(str(i))
            except InvalidOperationException as e:
                seen.append(e.Message)
            return seen
            """;

        (await OnLoop<string[]>(Body, Service)).ShouldBe(["0", "1", "no more"]);
    }

    [Fact]
    public async Task AfterItsRuntimeHasEnded_AwaitingFails()
    {
        IRuntime ended = new ThreadPoolBackend().CreateRuntime();
        ended.Dispose();
        PyAsyncCodecs.Register(ended);
        try
        {
            string failure = await OnForeignLoop<string>(
                """
                try:
                    await service.Later(21)
                except Exception as e:
                    return e.dotnet_type
                """,
                Service);
            failure.ShouldBe("System.ObjectDisposedException");
        }
        finally
        {
            PyAsyncCodecs.Register(Runtime);
        }
    }

    [Fact]
    public async Task WithoutARuntimeOfOnesOwn_TasksAreAwaitedToo()
    {
        PyAsyncCodecs.Register();
        try
        {
            (await OnForeignLoop<int>("return await service.Later(20) + len([i async for i in service.Count(1)])", Service)).ShouldBe(21);
        }
        finally
        {
            PyAsyncCodecs.Register(Runtime);
        }
    }

    private (string Name, object Value) Service => ("service", _service);
}
