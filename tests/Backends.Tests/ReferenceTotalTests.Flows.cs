using System.Buffers;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests.OnThreadPool;

// Items and memory, of which one crossing has many.
public sealed partial class ReferenceTotalTests
{
    [Fact]
    public async Task StreamsAndBuffers_KeepTheTotal()
    {
        SkipUnlessDebugBuild();
        await KeepsTotalAsync("buffers of Python's memory", async (runtime, module) =>
        {
            using PyObject give = module.GetAttr("give"), take = module.GetAttr("take");
            for (int i = 0; i < s_awaits / 2; i++)
            {
                using PyBuffer<byte> buffer = await runtime.CallAsync(give, default, PyConvert.Buffer<byte>());
                using (buffer.Memory.Pin())
                {
                    (await runtime.CallAsync<int>(take, [PyArgument.Of(buffer, PyConvert.Buffer<byte>())])).ShouldBe(90);
                }

                buffer.Span[10].ShouldBe((byte)1);
            }
        });
        await KeepsTotalAsync("views of .NET's memory", async (runtime, module) =>
        {
            using PyObject take = module.GetAttr("take");
            byte[] memory = new byte[100];
            for (int i = 0; i < s_awaits / 2; i++)
            {
                using PyObject view = i % 2 == 0 ? PyObject.FromMemory(memory) : PyObject.FromMemory(MemoryPool<byte>.Shared.Rent(100), [100]);
                (await runtime.CallAsync<int>(take, [view])).ShouldBe(90);
            }
        });
        await KeepsTotalAsync("buffers that are refused", async (runtime, module) =>
        {
            using PyObject give = module.GetAttr("give");
            for (int i = 0; i < s_awaits / 10; i++)
            {
                await Should.ThrowAsync<InvalidCastException>(() => runtime.CallAsync(give, default, PyConvert.Buffer<double>()));
            }
        });
        await KeepsTotalAsync("items of .NET", async (runtime, module) =>
        {
            using PyObject read = module.GetAttr("read");
            using PyObject make = PyFunction.Create("make", arguments => runtime.AsyncEnumerableIntoPy(Items(arguments.Get<int>(0))));
            (await runtime.CallAsync<int>(read, [make, s_awaits])).ShouldBe(s_awaits - 1);
        });
        await KeepsTotalAsync("items of Python", async (runtime, module) =>
        {
            long sum = 0;
            await foreach (int item in runtime.IntoAsyncEnumerable<int>(() => module.CallMethod("generate", [s_awaits])))
            {
                sum += item;
            }

            sum.ShouldBe((long)s_awaits * (s_awaits - 1) / 2);
        });
    }

    private static async IAsyncEnumerable<int> Items(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 1_000 == 0)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }
}
