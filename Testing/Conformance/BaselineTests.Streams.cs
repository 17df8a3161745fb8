using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Streams.
public abstract partial class BaselineTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task An_async_generator_becomes_a_stream_in_order()
    {
        using PyObject module = Python("""
            async def gen():
                for i in range(10):
                    await asyncio.sleep(0.001)
                    yield i
            """);
        var items = new List<int>();

        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("gen")))
        {
            items.Add(item);
        }

        items.ShouldBe(Enumerable.Range(0, 10));
    }

    [ConformanceFact]
    public virtual async Task A_thousand_fast_items_pass_through_a_full_buffer()
    {
        using PyObject module = Python("""
            async def gen():
                for i in range(1000):
                    yield i
            """);
        var items = new List<int>();

        await foreach (int item in Runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("gen"), buffer: 2))
        {
            items.Add(item);
        }

        items.ShouldBe(Enumerable.Range(0, 1000));
    }
}
