using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// C# streams that are left open: the end of the loop's run closes them, as it closes Python's asynchronous generators.
public abstract partial class StreamTests<TFixture>
{
    private const string LeaveOpen = """
        left = []

        async def leave(make):
            # Something still refers to it.
            items = make()
            left.append(items)
            return await anext(items)

        async def drop(make):
            # Nothing refers to it any more, and the run may end before C# has closed it.
            return await anext(make())

        async def leave_in_a_step(make):
            # No task awaits the step.
            items = make()
            await anext(items)
            left.extend([items, items.__anext__()])
            return 0

        async def leave_unread(make):
            left.append(make())
            return 0

        async def close_when_cancelled(make):
            items = make()
            try:
                async for item in items:
                    left.append(item)
                    await asyncio.sleep(1000)
            finally:
                await items.aclose()
                left.append("closed")

        def run(main, make, new_loop):
            with asyncio.Runner(loop_factory=new_loop) as runner:
                return runner.run(main(make))
        """;

    private static readonly string[] s_leaving = ["leave", "drop", "leave_in_a_step"];

    [ConformanceFact]
    public virtual async Task A_stream_that_is_left_open_is_closed_by_the_end_of_the_runtime()
    {
        using PyObject module = Python(LeaveOpen);
        foreach (string function in (string[])[.. s_leaving, "leave_unread"])
        {
            int closed = 0;
            IRuntime runtime = Fixture.CreateRuntime();
            await runtime.StartAsync();
            using PyObject make = await runtime.InvokeAsync(() => PyFunction.Create("make", _ => runtime.AsyncEnumerableIntoPy(Items(() => Interlocked.Increment(ref closed)))));
            (await runtime.CallAsync<int>(module.GetAttr(function), [make])).ShouldBe(0);

            await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

            closed.ShouldBe(function == "leave_unread" ? 0 : 1, function);
        }
    }

    [ConformanceFact]
    public virtual async Task A_stream_that_nothing_has_read_has_nothing_to_close_at_the_end_of_a_run()
    {
        using PyObject module = Python(LeaveOpen);
        int closed = 0;
        PyObject make = Own(PyFunction.Create("make", _ => Runtime.AsyncEnumerableIntoPy(Items(() => Interlocked.Increment(ref closed)))));
        PyObject newLoop = Own(PyFunction.Create("new_loop", _ => Fixture.CreateEventLoop().CreateLoop()));
        PyObject main = Own(module.GetAttr("leave_unread"));

        await Task.Run(() => module.CallMethod("run", [main, make, newLoop]).Dispose());

        closed.ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task A_task_may_close_its_stream_while_the_runtime_ends()
    {
        using PyObject module = Python(LeaveOpen);
        int closed = 0;
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        using PyObject make = await runtime.InvokeAsync(() => PyFunction.Create("make", _ => runtime.AsyncEnumerableIntoPy(Items(() => Interlocked.Increment(ref closed)))));
        Task reading = runtime.CallAsync(module.GetAttr("close_when_cancelled"), [make]);
        await EventuallyAsync(() => runtime.InvokeAsync(() => module.GetAttr("left").CallMethod<int>("__len__") > 0));

        await runtime.DisposeAsync().AsTask().WaitAsync(Soon);

        await ThrowsAsync<OperationCanceledException>(reading.WaitAsync(Soon));
        closed.ShouldBe(1);
        module.GetAttr("left").Repr().ShouldBe("[0, 'closed']");
    }

    [ConformanceFact]
    public virtual async Task Each_run_of_a_loop_in_Python_closes_the_streams_that_it_leaves_open()
    {
        int runs = Repetitions.Of(1_000);
        using PyObject module = Python(LeaveOpen);
        int closed = 0;
        PyObject make = Own(PyFunction.Create("make", _ => Runtime.AsyncEnumerableIntoPy(Items(() => Interlocked.Increment(ref closed)))));
        PyObject newLoop = Own(PyFunction.Create("new_loop", _ => Fixture.CreateEventLoop().CreateLoop()));
        PyObject[] mains = [.. s_leaving.Select(name => Own(module.GetAttr(name)))];

        await Task.Run(() =>
        {
            for (int i = 0; i < runs; i++)
            {
                module.CallMethod("run", [mains[i % mains.Length], make, newLoop]).Dispose();
                Volatile.Read(ref closed).ShouldBe(i + 1, s_leaving[i % mains.Length]); // As soon as the run has ended.
            }
        });
    }

    private static async IAsyncEnumerable<int> Items(Action closed, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            yield return 0;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            yield return 1;
        }
        finally
        {
            await Task.Yield();
            closed();
        }
    }
}
