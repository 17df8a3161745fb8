using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Generators that C# sends values to.
public abstract partial class FlowTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Values_and_exceptions_are_sent_to_a_generator()
    {
        using PyObject module = Python("""
            log = []

            async def average():
                total = count = 0
                value = None
                try:
                    while True:
                        try:
                            await asyncio.sleep(0)
                            number = yield value
                            total += number
                            count += 1
                            value = total / count
                        except ValueError as e:
                            log.append(str(e))
                            total = count = 0
                            value = -1.0
                finally:
                    await asyncio.sleep(0)
                    log.append("closed")
            """);
        await using (PythonGenerator<double, double?> generator = Runtime.IntoAsyncGenerator<double, double?>(() => module.CallMethod("average")))
        {
            (await generator.MoveNextAsync()).ShouldBeTrue();
            generator.Current.ShouldBeNull();
            (await generator.SendAsync(2)).ShouldBeTrue();
            generator.Current.ShouldBe(2);
            (await generator.SendAsync(4)).ShouldBeTrue();
            generator.Current.ShouldBe(3);
            (await generator.ThrowAsync(new ArgumentException("again"))).ShouldBeTrue();
            generator.Current.ShouldBe(-1);
            (await generator.SendAsync(7)).ShouldBeTrue();
            generator.Current.ShouldBe(7);
        }

        module.GetAttr("log").As<string[]>().ShouldBe(["again", "closed"]);
    }

    [ConformanceFact]
    public virtual async Task A_generator_ends_by_returning_raising_or_an_exception_that_it_does_not_catch()
    {
        using PyObject module = Python("""
            async def two():
                yield 1
                yield 2

            async def failing():
                yield 1
                raise ValueError("failed")

            async def catching():
                try:
                    yield 1
                except KeyError:
                    return
            """);
        await using (PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("two")))
        {
            (await ThrowsAsync<PythonException>(generator.SendAsync(1))).TypeName.ShouldBe("builtins.TypeError");
        }

        await using (PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("two")))
        {
            (await generator.MoveNextAsync()).ShouldBeTrue();
            (await generator.MoveNextAsync()).ShouldBeTrue();
            (await generator.MoveNextAsync()).ShouldBeFalse();
            (await generator.SendAsync(1)).ShouldBeFalse("it has ended");
            generator.Current.ShouldBe(2);
        }

        await using (PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("failing")))
        {
            (await generator.MoveNextAsync()).ShouldBeTrue();
            (await ThrowsAsync<PythonException>(generator.MoveNextAsync().AsTask())).Message.ShouldContain("failed");
            (await generator.MoveNextAsync()).ShouldBeFalse();
        }

        PythonGenerator<int, int> catching = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("catching"));
        (await catching.MoveNextAsync()).ShouldBeTrue();
        (await catching.ThrowAsync(new KeyNotFoundException())).ShouldBeFalse();
        await catching.DisposeAsync();
        await ThrowsAsync<ObjectDisposedException>(catching.MoveNextAsync().AsTask());

        await using (PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("two")))
        {
            var error = new InvalidTimeZoneException("not caught");
            (await generator.MoveNextAsync()).ShouldBeTrue();
            (await ThrowsAsync<InvalidTimeZoneException>(generator.ThrowAsync(error))).ShouldBeSameAs(error);
        }
    }

    [ConformanceFact]
    public virtual async Task All_steps_of_a_generator_run_in_one_task_and_one_context()
    {
        using PyObject module = Python("""
            import contextvars

            variable = contextvars.ContextVar("variable", default=0)

            async def steps():
                task = asyncio.current_task()
                token = variable.set(1)
                async with asyncio.timeout(1000):
                    for i in range(10):
                        yield asyncio.current_task() is task and variable.get() == 1
                variable.reset(token)
                yield True
            """);
        int steps = 0;
        await using PythonGenerator<int, bool> generator = Runtime.IntoAsyncGenerator<int, bool>(() => module.CallMethod("steps"));
        while (await generator.MoveNextAsync())
        {
            generator.Current.ShouldBeTrue();
            steps++;
        }

        steps.ShouldBe(11);
    }

    [ConformanceFact]
    public virtual async Task A_generator_sees_a_cancellation_between_its_steps()
    {
        using PyObject module = Python("""
            async def timed():
                global scope
                async with asyncio.timeout(None) as scope:
                    yield 1
                    yield 2

            async def deaf():
                global task
                task = asyncio.current_task()
                try:
                    yield 1
                except asyncio.CancelledError:
                    yield 2
                yield 3
            """);
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            await using PythonGenerator<int, int> timed = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("timed"));
            (await timed.MoveNextAsync().AsTask().WaitAsync(Soon)).ShouldBeTrue();
            await Runtime.InvokeAsync(() => module.GetAttr("scope").CallMethod("reschedule", [0.0]).Dispose());
            await EventuallyAsync(() => Runtime.InvokeAsync(() => module.GetAttr("scope").CallMethod<bool>("expired")));
            await ThrowsAsync<PythonTimeoutException>(timed.MoveNextAsync().AsTask().WaitAsync(Soon));

            await using PythonGenerator<int, int> deaf = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("deaf"));
            (await deaf.MoveNextAsync().AsTask().WaitAsync(Soon)).ShouldBeTrue();
            await Runtime.InvokeAsync(() => module.GetAttr("task").CallMethod("cancel").Dispose());
            foreach (int item in (int[])[2, 3])
            {
                (await deaf.MoveNextAsync().AsTask().WaitAsync(Soon)).ShouldBeTrue();
                deaf.Current.ShouldBe(item);
            }

            (await deaf.MoveNextAsync().AsTask().WaitAsync(Soon)).ShouldBeFalse();
        }
    }

    [ConformanceFact]
    public virtual async Task A_step_that_is_cancelled_ends_the_generator_unless_it_swallows_that()
    {
        int times = Repetitions.Of(1_000);
        using PyObject module = Python("""
            closed = 0

            async def stubborn(turns):
                global closed
                i = 0
                try:
                    while True:
                        try:
                            for _ in range(turns):
                                await asyncio.sleep(0)
                        except asyncio.CancelledError:
                            pass
                        i += 1
                        yield i
                finally:
                    closed += 1

            begun = False

            async def obedient():
                global begun
                yield 1
                begun = True
                await asyncio.sleep(1000)
            """);
        await using (PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("stubborn", [3])))
        {
            int expected = 0;
            for (int i = 0; i < times; i++)
            {
                using var cts = new CancellationTokenSource();
                (await generator.MoveNextAsync().AsTask().WaitAsync(Soon)).ShouldBeTrue();
                generator.Current.ShouldBe(++expected);
                Task<bool> step = generator.SendAsync(0, cts.Token);
                Task cancelling = Task.Run(cts.Cancel);
                try
                {
                    (await step.WaitAsync(Soon)).ShouldBeTrue();
                    generator.Current.ShouldBe(++expected);
                }
                catch (OperationCanceledException e) when (e.CancellationToken == cts.Token)
                {
                    // The step had not begun.
                }

                await cancelling;
            }
        }

        (await Runtime.InvokeAsync(() => module.GetAttr("closed").As<int>())).ShouldBe(1);
        await using (PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("obedient")))
        {
            (await generator.MoveNextAsync()).ShouldBeTrue();
            using var cts = new CancellationTokenSource();
            Task<bool> step = generator.SendAsync(0, cts.Token);
            await ThrowsAsync<InvalidOperationException>(generator.SendAsync(1));
            await EventuallyAsync(() => Runtime.InvokeAsync(() => module.GetAttr("begun").As<bool>()));
            await cts.CancelAsync();
            (await ThrowsAsync<OperationCanceledException>(step.WaitAsync(Soon))).CancellationToken.ShouldBe(cts.Token);
            (await generator.MoveNextAsync()).ShouldBeFalse();
        }
    }

    [ConformanceFact]
    public virtual async Task Disposing_a_generator_ends_a_step_that_runs()
    {
        using PyObject module = Python("""
            closed = 0

            async def endless():
                global closed
                try:
                    yield 1
                    await asyncio.sleep(1000)
                finally:
                    await asyncio.sleep(0)
                    closed += 1
            """);
        for (int i = 0; i < Repetitions.Of(200); i++)
        {
            PythonGenerator<int, int> generator = Runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("endless"));
            (await generator.MoveNextAsync()).ShouldBeTrue();
            Task<bool>? step = i % 2 == 0 ? generator.SendAsync(0) : null;

            await generator.DisposeAsync().AsTask().WaitAsync(Soon);

            (await Runtime.InvokeAsync(() => module.GetAttr("closed").As<int>())).ShouldBe(i + 1);
            if (step is not null)
            {
                await ThrowsAsync<OperationCanceledException>(step.WaitAsync(Soon));
            }
        }
    }

    [ConformanceFact]
    public virtual async Task The_end_of_the_loop_ends_a_generator()
    {
        using PyObject module = Python("""
            closed = 0

            async def numbers():
                global closed
                try:
                    yield 1
                    yield 2
                finally:
                    closed += 1
            """);
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        PythonGenerator<int, int> generator = runtime.IntoAsyncGenerator<int, int>(() => module.CallMethod("numbers"));
        (await generator.MoveNextAsync()).ShouldBeTrue();

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        module.GetAttr("closed").As<int>().ShouldBe(1);
        await ThrowsAsync<Exception>(generator.MoveNextAsync().AsTask().WaitAsync(Soon));
        await generator.DisposeAsync();
    }
}
