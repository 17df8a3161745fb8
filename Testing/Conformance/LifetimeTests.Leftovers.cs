using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Objects that the end of a runtime leaves behind.
public abstract partial class LifetimeTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_runtime_that_was_started_and_stopped_leaves_nothing_behind()
    {
        int count = Repetitions.Of(1_000);
        using PyObject module = Python("""
            import gc, sys

            def blocks():
                gc.collect()
                return sys.getallocatedblocks()

            async def nothing():
                pass
            """);
        PyObject nothing = Own(module.GetAttr("nothing"));
        await StartAndStop(count / 2 + 100);
        (long bytes, int blocks) = await Measure();

        await StartAndStop(count);

        (long bytesLater, int blocksLater) = await Measure();

        // An object for each would be at least 24 bytes; the allocations of the measurement and the leftovers of other tests differ by less.
        (bytesLater - bytes).ShouldBeLessThan((24 * count) + 50_000);
        (blocksLater - blocks).ShouldBeLessThan((count / 2) + 500);

        async Task StartAndStop(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await using IRuntime runtime = Fixture.CreateRuntime();
                await runtime.StartAsync();
                await runtime.CallAsync(nothing);
            }
        }

        async Task<(long Bytes, int Blocks)> Measure()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                await Runtime.InvokeAsync(static () => { });
            }

            return (GC.GetTotalMemory(forceFullCollection: true), await Runtime.InvokeAsync(() => module.CallMethod<int>("blocks")));
        }
    }
}
