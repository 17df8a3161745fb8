using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Objects that cannot be awaited, and failures without an awaiter.
public abstract partial class ErrorTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task What_is_no_awaitable_is_refused_by_its_type()
    {
        using PyObject number = PyObject.From(5);

        InvalidCastException e = await ThrowsAsync<InvalidCastException>(Runtime.IntoFuture(number));

        e.Message.ShouldContain("'int'");
        e.Message.ShouldContain("cannot be awaited");
    }

    [ConformanceFact]
    public virtual async Task A_coroutine_cannot_be_awaited_twice()
    {
        using PyObject module = Python("""
            async def once():
                return 1
            """);
        using PyObject coroutine = module.CallMethod("once");

        (await Runtime.IntoFuture<int>(coroutine)).ShouldBe(1);
        PythonException e = await ThrowsAsync<PythonException>(Runtime.IntoFuture<int>(coroutine));

        e.TypeName.ShouldBe("builtins.RuntimeError");
        e.Message.ShouldContain("cannot reuse already awaited coroutine");
    }

    [ConformanceFact]
    public virtual async Task Every_kind_of_awaitable_is_taken()
    {
        using PyObject module = Python("""
            import types

            class Custom:
                def __await__(self):
                    yield from asyncio.sleep(0).__await__()
                    return "custom"

            @types.coroutine
            def generator():
                yield
                return "generator"

            async def coroutine():
                return "coroutine"

            def task():
                return asyncio.get_running_loop().create_task(coroutine())

            def done():
                future = asyncio.get_running_loop().create_future()
                future.set_result("done")
                return future

            def plain():
                return "plain"
            """);

        (await Runtime.CallAsync<string>(module.GetAttr("Custom"))).ShouldBe("custom");
        (await Runtime.CallAsync<string>(module.GetAttr("generator"))).ShouldBe("generator");
        (await Runtime.CallAsync<string>(module.GetAttr("coroutine"))).ShouldBe("coroutine");
        (await Runtime.CallAsync<string>(module.GetAttr("task"))).ShouldBe("coroutine");
        (await Runtime.CallAsync<string>(module.GetAttr("done"))).ShouldBe("done");
        (await Runtime.CallAsync<string>(module.GetAttr("plain"))).ShouldBe("plain", "a call whose result is not awaitable returns the result");
        using PyObject own = await Runtime.InvokeAsync(() => Runtime.FutureIntoPy(Task.FromResult("own")));
        (await Runtime.IntoFuture<string>(own)).ShouldBe("own");
    }

    [ConformanceFact]
    public virtual async Task A_future_of_another_loop_is_refused()
    {
        using PyObject module = Python("""
            other = asyncio.new_event_loop()
            future = other.create_future()
            """);

        (await ThrowsAsync<ArgumentException>(Runtime.IntoFuture(module.GetAttr("future")))).Message.ShouldContain("another event loop");
        module.GetAttr("other").CallMethod("close").Dispose();
    }

    [ConformanceFact]
    public virtual async Task A_done_callback_that_fails_goes_to_the_exception_handler()
    {
        using PyObject module = Python("""
            def callback(future):
                raise ValueError("in a callback")

            async def run(f):
                future = f()
                future.add_done_callback(callback)
                return await future
            """);
        PyObject quick = Function(async cancellationToken =>
        {
            await Task.Delay(1, cancellationToken);
            return 1;
        });

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [quick])).ShouldBe(1);
        ExpectedReports.Add("in a callback");
    }

    [ConformanceFact]
    public virtual async Task A_result_that_does_not_convert_fails_the_await()
    {
        using PyObject module = Python("""
            async def text():
                return "text"

            async def large():
                return 2 ** 40

            async def catch(f):
                try:
                    await f()
                except BaseException as e:
                    return str(e)
            """);
        PyObject odd = Own(Runtime.FunctionIntoPy("odd", _ => _ => Task.FromResult<object?>(new object()), PyConvert.Object));

        (await ThrowsAsync<InvalidCastException>(Runtime.CallAsync<int>(module.GetAttr("text")))).Message.ShouldBe("A Python 'str' cannot be converted to System.Int32.");
        (await ThrowsAsync<OverflowException>(Runtime.CallAsync<int>(module.GetAttr("large")))).Message.ShouldContain("System.Int32");
        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [odd])).ShouldContain("System.Object");
    }

    [ConformanceFact]
    public virtual async Task A_call_with_wrong_arguments_is_a_TypeError_in_Python()
    {
        using PyObject module = Python("""
            async def catch(f, *args):
                try:
                    await f(*args)
                except TypeError as e:
                    return str(e)
            """);
        PyObject twice = Own(Runtime.FunctionIntoPy("twice", (int x, CancellationToken cancellationToken) => Task.FromResult(2 * x)));

        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [twice])).ShouldBe("twice() missing 1 required positional argument: 'x'");
        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [twice, "x"])).ShouldBe("twice() argument 'x': A Python 'str' cannot be converted to System.Int32.");
    }

    [ConformanceFact]
    public virtual async Task A_failure_that_no_code_retrieves_goes_to_the_exception_handler()
    {
        using PyObject module = Python("""
            async def forget(f):
                future = f()
                while not future.done():
                    await asyncio.sleep(0.001)
            """);
        PyObject fail = Function(async cancellationToken =>
        {
            await Task.Yield();
            throw new InvalidOperationException("forgotten");
        });

        await Runtime.CallAsync(module.GetAttr("forget"), [fail]);
        ExpectedReports.Add("forgotten");
    }

    [ConformanceFact]
    public virtual async Task A_factory_that_fails_or_gives_nothing_fails_the_await()
    {
        await ThrowsAsync<InvalidOperationException>(Runtime.IntoFuture<int>(() => throw new InvalidOperationException("factory")));
        (await ThrowsAsync<InvalidOperationException>(Runtime.IntoFuture<int>(() => null!))).Message.ShouldContain("returned null");
    }

    [ConformanceFact]
    public virtual async Task A_callback_posted_to_the_loop_that_fails_goes_to_the_exception_handler()
    {
        Runtime.GetCurrentLoop().Post(() => throw new InvalidOperationException("posted"));

        (await Runtime.InvokeAsync(() => 1)).ShouldBe(1);
        ExpectedReports.Add("posted");
    }
}
