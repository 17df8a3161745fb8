using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Reference cycles across the boundary: an exception holds Python's frames, a frame holds a .NET function, and that function must not lead to the exception.
public abstract partial class LifetimeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Streams_that_fail_or_are_left_early_leak_nothing()
    {
        using PyObject module = Python("""
            async def count(n, fails):
                for i in range(n):
                    yield i
                if fails:
                    raise ValueError("x")
            """);
        PyObject count = Own(module.GetAttr("count"));
        await Round(20);
        (long objects, _) = await Measure();

        await Round(Repetitions.Of(300));

        // Each leaked stream would show as several objects.
        (long objectsAfter, _) = await Measure();
        (objectsAfter - objects).ShouldBeLessThan(Repetitions.Of(300));

        async Task Round(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await ThrowsAsync<PythonException>(() => Read(5, fails: true, last: 10));
                await Read(5, fails: false, last: 2);
                await ThrowsAsync<OperationCanceledException>(() => Read(1_000, fails: false, last: 2, cancels: true));
            }
        }

        async Task Read(int n, bool fails, int last, bool cancels = false)
        {
            using var cts = new CancellationTokenSource();
            await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => count.Call([n, fails]), buffer: 2).WithCancellation(cts.Token))
            {
                if (item == last && !cancels)
                {
                    break;
                }

                if (item == last)
                {
                    await cts.CancelAsync();
                }
            }
        }
    }

    [ConformanceFact]
    public virtual async Task Runtimes_that_stop_with_work_in_flight_leak_nothing()
    {
        const int Count = 10;
        using PyObject module = Python("""
            async def wait(f):
                await f()
            """);
        PyObject wait = Own(module.GetAttr("wait"));
        await Round(5);
        (long objects, _) = await Measure();

        await Round(Repetitions.Of(100));

        // A leaked runtime would keep ten tasks with their frames and exceptions.
        (long objectsAfter, _) = await Measure();
        (objectsAfter - objects).ShouldBeLessThan(5 * Repetitions.Of(100));

        async Task Round(int times)
        {
            for (int i = 0; i < times; i++)
            {
                int begun = 0;
                IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = Soon);
                await runtime.StartAsync();

                // The frame of the coroutine holds the function, and the function holds the runtime, but not its requests in flight.
                using PyObject function = runtime.FunctionIntoPy("delay", async cancellationToken =>
                {
                    Interlocked.Increment(ref begun);
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                    await runtime.InvokeAsync(static () => true);
                });
                Task[] inFlight = [.. Enumerable.Range(0, Count).Select(_ => (Task)runtime.CallAsync(wait, [function]))];
                await EventuallyAsync(() => Task.FromResult(Volatile.Read(ref begun) == Count));
                await runtime.DisposeAsync();
                foreach (Task task in inFlight)
                {
                    await ThrowsAsync<OperationCanceledException>(task);
                }
            }
        }
    }
}
