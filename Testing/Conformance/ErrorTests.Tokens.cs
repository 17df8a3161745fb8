using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Calls that end by a cancellation which no Python code has requested.
public abstract partial class ErrorTests<TFixture>
{
    [ConformanceFact]
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "A method that does not dispose its source is cancelled nevertheless.")]
    public virtual async Task A_call_that_gives_up_by_its_own_token_is_a_TimeoutError()
    {
        using PyObject module = Python(CatchingEnds);
        PyObject catchIt = Own(module.GetAttr("catch"));
        var time = TimeSpan.FromMilliseconds(1);
        PyObject[] functions =
        [
            Function(async ct =>
            {
                using var own = new CancellationTokenSource(time);
                await Task.Delay(Timeout.Infinite, own.Token);
            }),
            Function(async ct => await Task.Delay(Timeout.Infinite, new CancellationTokenSource(time).Token)),
            Function(async ct =>
            {
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
                linked.CancelAfter(time);
                await Task.Delay(Timeout.Infinite, linked.Token);
            }),
            Function(async ct =>
            {
                using var own = new CancellationTokenSource();
                await own.CancelAsync();
                own.Token.ThrowIfCancellationRequested();
            }),
        ];

        for (int i = 0; i < Repetitions.Of(250); i++)
        {
            foreach (PyObject function in functions)
            {
                (await Runtime.CallAsync<string>(catchIt, [function])).ShouldStartWith("timeout System.");
            }
        }
    }

    [ConformanceFact]
    public virtual async Task A_TaskGroup_fails_if_a_call_gives_up_by_its_own_token()
    {
        using PyObject module = Python("""
            import asyncio

            async def child(f):
                await f()

            async def main(f):
                try:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(child(f))
                except ExceptionGroup as e:
                    return type(e.exceptions[0]).__name__
                return "ended quietly"
            """);
        PyObject givesUp = Function(async ct =>
        {
            using var own = new CancellationTokenSource(1);
            await Task.Delay(Timeout.Infinite, own.Token);
        });

        (await Runtime.CallAsync<string>(module.GetAttr("main"), [givesUp])).ShouldBe("TimeoutError");
    }

    [ConformanceFact]
    public virtual async Task A_stream_that_gives_up_by_its_own_token_is_a_TimeoutError()
    {
        using PyObject module = Python("""
            async def read(stream):
                items = []
                try:
                    async for item in stream:
                        items.append(item)
                except TimeoutError:
                    return f"{items} timeout"
            """);
        using PyObject stream = await Runtime.InvokeAsync(() => Runtime.AsyncEnumerableIntoPy(Items()));

        (await Runtime.CallAsync<string>(module.GetAttr("read"), [stream])).ShouldBe("[1] timeout");

        static async IAsyncEnumerable<int> Items([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return 1;
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            linked.CancelAfter(1);
            await Task.Delay(Timeout.Infinite, linked.Token);
        }
    }

    /// <summary>The TimeoutError is raised from the CancelledError of the Python task that the call awaited.</summary>
    [ConformanceFact]
    public virtual async Task A_call_that_gives_up_while_it_awaits_Python_is_a_TimeoutError()
    {
        using PyObject module = Python("""
            import asyncio

            async def sleep(started):
                started()
                await asyncio.sleep(3600)

            async def catch(f):
                try:
                    await f()
                except TimeoutError as e:
                    return type(e.__cause__).__name__
            """);
        PyObject sleep = Own(module.GetAttr("sleep"));
        PyObject givesUp = Function(async ct =>
        {
            using var own = new CancellationTokenSource();
            using PyObject started = PyFunction.Create("started", () => own.CancelAfter(1));
            await Runtime.CallAsync(sleep, [started], own.Token);
        });

        (await Runtime.CallAsync<string>(module.GetAttr("catch"), [givesUp])).ShouldBe("CancelledError");
    }

    [ConformanceFact]
    public virtual async Task A_call_that_ends_by_a_token_from_outside_is_a_CancelledError()
    {
        using PyObject module = Python(CatchingEnds);
        PyObject catchIt = Own(module.GetAttr("catch"));
        PyObject withoutToken = Function(async ct =>
        {
            await Task.Yield();
            throw new OperationCanceledException("gave up");
        });
        (await Runtime.CallAsync<string>(catchIt, [withoutToken])).ShouldBe("cancelled");

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        using PyObject handedOver = await Runtime.InvokeAsync(() => Runtime.FutureIntoPy(Task.FromCanceled<int>(cancelled.Token)));
        using PyObject describe = PyFunction.Create("describe", _ => handedOver.Clone());
        (await Runtime.CallAsync<string>(catchIt, [describe])).ShouldBe("cancelled", "a Task that is passed to Python is a future, which other code may cancel");
    }

    [ConformanceFact]
    public virtual async Task A_call_that_uses_its_callers_token_is_a_CancelledError_a_thousand_times()
    {
        using PyObject module = Python("""
            ends = []

            async def run(f):
                try:
                    await f()
                except BaseException as e:
                    ends.append(type(e).__name__)
                    raise
            """);
        PyObject run = Own(module.GetAttr("run"));
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using var outside = new CancellationTokenSource();
            using PyObject uses = Function(async ct =>
            {
                Task wait = Task.Delay(Timeout.Infinite, outside.Token);
                await outside.CancelAsync();
                await wait;
            });

            await ThrowsAsync<OperationCanceledException>(Runtime.CallAsync(run, [uses], outside.Token));
        }

        using PyObject ends = module.GetAttr("ends");
        (await Runtime.InvokeAsync(() => ends.As<List<string>>())).Distinct().ShouldBe(["CancelledError"]);
    }
}
