using System.Collections.Concurrent;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Cancellations from both sides at the same time.
public abstract partial class CancellationTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Both_sides_cancel_at_once_and_each_ends_exactly_once()
    {
        int batches = Repetitions.Of(100);
        using PyObject module = Python("""
            begun = ended = 0

            async def wait(f, cancel):
                global begun, ended
                begun += 1
                future = f()
                if cancel:
                    asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)
                try:
                    await future
                finally:
                    ended += 1
            """);
        int bodiesBegun = 0;
        int bodiesEnded = 0;
        PyObject body = Function(async cancellationToken =>
        {
            Interlocked.Increment(ref bodiesBegun);
            try
            {
                await Task.Delay(Soon, cancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref bodiesEnded);
            }
        });
        PyObject wait = Own(module.GetAttr("wait"));
        int cancelled = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
            {
                var cts = new CancellationTokenSource(); // Not disposed: its Cancel may come after the end.
                Task<PyObject> task = Runtime.CallAsync(wait, [body, i % 2 == 0], cts.Token);
                ThreadPool.UnsafeQueueUserWorkItem(static cts => cts.Cancel(), cts, preferLocal: false);
                try
                {
                    await task;
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
            }));
        }

        cancelled.ShouldBe(100 * batches);
        module.GetAttr("ended").As<int>().ShouldBe(module.GetAttr("begun").As<int>());
        await EventuallyAsync(() => Task.FromResult(Volatile.Read(ref bodiesEnded) == Volatile.Read(ref bodiesBegun)));
    }
}
