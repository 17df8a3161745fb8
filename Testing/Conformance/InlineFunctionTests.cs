using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>C# functions that start on the calling thread.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract class InlineFunctionTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    private static readonly AsyncLocal<string?> s_local = new();

    [ConformanceFact]
    public virtual async Task Inline_work_that_completes_at_once_takes_no_turn_of_the_loop()
    {
        using PyObject module = Python("""
            async def main(f):
                turned = []
                asyncio.get_running_loop().call_soon(turned.append, True)
                found = [await f(x) for x in range(1000)]
                return found == list(range(0, 2000, 2)) and not turned
            """);
        Thread? loopThread = await Runtime.InvokeAsync(() => Thread.CurrentThread);
        var threads = new HashSet<Thread>();
        PyObject twice = Inline(arguments =>
        {
            threads.Add(Thread.CurrentThread);
            return new ValueTask<int>(2 * arguments.Get<int>(0));
        });

        (await Runtime.CallAsync<bool>(module.GetAttr("main"), [twice])).ShouldBeTrue();
        threads.ShouldBe([loopThread]);
    }

    [ConformanceFact]
    public virtual async Task Inline_work_that_awaits_continues_with_its_loop_and_context_variables()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default="unset")

            async def read():
                return variable.get(), id(asyncio.get_running_loop())

            async def main(f):
                variable.set("outer")
                return await f(read) == ("outer", id(asyncio.get_running_loop()))
            """);
        PyObject ask = Inline(arguments => Ask(arguments[0]));

        (await Runtime.CallAsync<bool>(module.GetAttr("main"), [ask])).ShouldBeTrue();

        async ValueTask<(string, long)> Ask(PyObject read)
        {
            await Task.Delay(1).ConfigureAwait(false);
            return await Runtime.CallAsync<(string, long)>(read);
        }
    }

    [ConformanceFact]
    public virtual async Task Calls_from_other_context_variables_in_turn_see_their_own()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default="unset")

            async def read():
                return variable.get()

            async def ask(f, value):
                variable.set(value)
                return await f(read) == value and await f(read) == value

            async def main(f):
                return all(await asyncio.gather(*[ask(f, str(i)) for i in range(1000)]))
            """);
        PyObject ask = Inline(arguments => Ask(arguments[0]));

        (await Runtime.CallAsync<bool>(module.GetAttr("main"), [ask])).ShouldBeTrue();

        async ValueTask<string> Ask(PyObject read)
        {
            await Task.Yield();
            return await Runtime.CallAsync<string>(read);
        }
    }

    [ConformanceFact]
    public virtual async Task A_change_that_inline_work_makes_to_its_flow_stays_inside()
    {
        using PyObject module = Python("""
            async def main(f):
                return [await f(), await f()]
            """);
        PyObject change = Inline(_ =>
        {
            string seen = s_local.Value ?? "unset";
            s_local.Value = "changed";
            return new ValueTask<string>(seen);
        });

        (await Runtime.CallAsync<string[]>(module.GetAttr("main"), [change])).ShouldBe(["unset", "unset"]);
        s_local.Value = "given";
        (await Runtime.CallAsync<string[]>(module.GetAttr("main"), [change])).ShouldBe(["given", "given"]);
        s_local.Value.ShouldBe("given");
    }

    [ConformanceFact]
    public virtual async Task Inline_work_that_fails_raises_where_it_failed()
    {
        using PyObject module = Python("""
            async def main(in_call, in_task):
                try:
                    in_call()
                    return "no error"
                except TypeError as e:
                    called = str(e)
                awaitable = in_task()
                try:
                    await awaitable
                    return "no error"
                except ValueError as e:
                    return called, str(e)
            """);
        PyObject inCall = Inline<int>(arguments =>
        {
            arguments.ThrowIfNotOf(1);
            return default;
        });
        PyObject inTask = Inline(_ => ValueTask.FromException<int>(new ArgumentException("no good")));

        (await Runtime.CallAsync<(string, string)>(module.GetAttr("main"), [inCall, inTask])).ShouldBe(("inline() takes exactly one argument (0 given)", "no good"));
    }

    [ConformanceFact]
    public virtual async Task Inline_work_that_is_cancelled_is_abandoned()
    {
        using PyObject module = Python("""
            async def main(f):
                awaitable = f()
                awaitable.cancel()
                try:
                    await awaitable
                except asyncio.CancelledError:
                    return True
            """);
        var source = new TaskCompletionSource<int>();
        ExpectedReports.Add("too late");
        PyObject pending = Inline(_ => new ValueTask<int>(source.Task));

        (await Runtime.CallAsync<bool>(module.GetAttr("main"), [pending])).ShouldBeTrue();
        source.SetException(new InvalidOperationException("too late"));
    }

    [ConformanceFact]
    public virtual async Task Every_failure_that_no_code_retrieves_is_reported_although_futures_share_their_memory()
    {
        using PyObject module = Python("""
            import weakref

            async def main(fail):
                reports = []
                loop = asyncio.get_running_loop()
                before = loop.get_exception_handler()
                loop.set_exception_handler(lambda loop, context: reports.append(context["message"]))
                try:
                    references = []
                    for _ in range(1000):
                        awaitable = fail()
                        references.append(weakref.ref(awaitable))
                        del awaitable
                    dead = sum(1 for reference in references if reference() is None)
                    return len(reports), set(reports), dead
                finally:
                    loop.set_exception_handler(before)
            """);
        PyObject fail = Inline(_ => ValueTask.FromException<int>(new InvalidOperationException("not retrieved")));

        (int count, HashSet<string> messages, int dead) = await Runtime.CallAsync<(int, HashSet<string>, int)>(module.GetAttr("main"), [fail]);

        count.ShouldBe(1000);
        messages.ShouldBe(["Future exception was never retrieved"]);
        dead.ShouldBe(1000);
    }

    [ConformanceFact]
    public virtual async Task Futures_in_cycles_are_collected_and_their_memory_is_good_for_others()
    {
        using PyObject module = Python("""
            import gc, weakref

            class Knot:
                pass

            references = []

            async def tie(give):
                for _ in range(1000):
                    knot = Knot()
                    knot.future = give(knot)
                    references.append(weakref.ref(knot))

            def alive():
                gc.collect()
                return sum(1 for reference in references if reference() is not None)

            async def again(give):
                futures = [give(i) for i in range(1000)]
                return all([await future == i for i, future in enumerate(futures)])
            """);
        PyObject give = Inline(arguments => new ValueTask<PyObject>(arguments[0]));

        await Runtime.CallAsync(module.GetAttr("tie"), [give]);
        await EventuallyAsync(async () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return await Runtime.InvokeAsync(() => module.CallMethod<int>("alive")) == 0;
        });
        (await Runtime.CallAsync<bool>(module.GetAttr("again"), [give])).ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual void Without_a_running_loop_an_inline_function_raises()
    {
        PyObject done = Inline(_ => new ValueTask<int>(1));

        Should.Throw<NoRunningLoopException>(() => done.Call()).Message.ShouldBe("no running event loop");
    }

    private PyObject Inline<TResult>(PyInlineFunctionBody<TResult> body) =>
        Own(Runtime.InlineFunctionIntoPy("inline", body, PyConvert.For<TResult>()));
}
