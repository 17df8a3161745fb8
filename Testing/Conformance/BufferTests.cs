using System.Buffers;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>Memory of Python that .NET uses, and memory of .NET that Python uses, without a copy and across awaits.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class BufferTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task A_buffer_is_held_across_awaits_and_Python_code_runs_meanwhile()
    {
        using PyObject module = Python("""
            async def turns():
                for _ in range(3):
                    await asyncio.sleep(0)

            def resize(data):
                try:
                    data.append(1)
                except BufferError:
                    return "refused"
                return "resized"

            async def main(fill):
                data = bytearray(4)
                seen = []
                task = asyncio.ensure_future(fill(data, turns, lambda: seen.append((resize(data), data[0]))))
                await task
                return seen, list(data), resize(data)
            """);
        PyObject fill = Own(Runtime.FunctionIntoPy<PyObject, PyObject, PyObject, int>("fill", async (data, turns, look, cancellationToken) =>
        {
            using PyBuffer<byte> buffer = data.GetBuffer<byte>();
            Memory<byte> memory = buffer.Memory;
            for (byte i = 0; i < 4; i++)
            {
                await Runtime.CallAsync(turns, cancellationToken: cancellationToken);
                memory.Span[i] = (byte)(i + 1);
                await Runtime.CallAsync(look, cancellationToken: cancellationToken);
                await Task.Yield();
            }

            return 0;
        }));

        ((string, int)[] seen, int[] data, string afterwards) = await Runtime.CallAsync<((string, int)[], int[], string)>(module.GetAttr("main"), [fill]);

        seen.ShouldBe(Enumerable.Repeat(("refused", 1), 4));
        data.ShouldBe([1, 2, 3, 4]);
        afterwards.ShouldBe("resized");
    }

    [ConformanceFact]
    public virtual async Task The_result_of_a_call_is_a_buffer()
    {
        using PyObject module = Python("""
            import array

            async def numbers(n):
                await asyncio.sleep(0)
                return array.array("d", range(n))

            async def text():
                return b"text"
            """);
        using (PyBuffer<double> buffer = await Runtime.CallAsync(module.GetAttr("numbers"), [1_000], PyConvert.Buffer<double>()))
        {
            await Task.Yield();
            buffer.Span[999].ShouldBe(999);
            buffer.Count.ShouldBe(1_000);
        }

        using PyReadOnlyBuffer<byte> text = await Runtime.CallAsync(module.GetAttr("text"), default, PyConvert.ReadOnlyBuffer<byte>());
        text.Span.ToArray().ShouldBe("text"u8.ToArray());
        InvalidCastException e = await ThrowsAsync<InvalidCastException>(Runtime.CallAsync(module.GetAttr("text"), default, PyConvert.Buffer<byte>()));
        e.Message.ShouldContain("A Python 'bytes' cannot be converted to PyAsync.Interop.PyBuffer<System.Byte>: it is read-only.");
    }

    [ConformanceFact]
    public virtual async Task A_disposed_buffer_is_released_before_the_next_call()
    {
        using PyObject module = Python("""
            async def extend(data):
                data.append(1)
                return len(data)
            """);
        PyObject extend = Own(module.GetAttr("extend"));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Runtime.Spawn(async _ =>
        {
            using PyObject data = await Runtime.InvokeAsync(() => PyObject.Import("builtins").CallMethod("bytearray", [3]));
            for (int i = 0; i < Repetitions.Of(1_000); i++)
            {
                PyBuffer<byte> buffer = await Runtime.InvokeAsync(data.GetBuffer<byte>);
                await Task.Yield();
                buffer.Count.ShouldBe(i + 3);
                buffer.Dispose();
                (await Runtime.CallAsync<int>(extend, [data])).ShouldBe(i + 4);
            }
        })));
    }

    [ConformanceFact]
    public virtual async Task Python_may_resize_when_the_work_that_filled_its_buffer_has_ended()
    {
        using PyObject module = Python("""
            async def read(read_into, size):
                data = bytearray(size)
                count = await read_into(data)
                del data[count:]
                return bytes(data) == bytes([7] * count) and len(data) == count

            async def main(read_into, n):
                return all(await asyncio.gather(*[read(read_into, 2 * i) for i in range(n)]))
            """);
        PyObject readInto = Function(async (PyObject data, CancellationToken cancellationToken) =>
        {
            using PyBuffer<byte> buffer = data.GetBuffer<byte>();
            await Task.Yield();
            buffer.Memory[..((int)buffer.Count / 2)].Span.Fill(7);
            return (int)buffer.Count / 2;
        });

        (await Runtime.CallAsync<bool>(module.GetAttr("main"), [readInto, Repetitions.Of(1_000)])).ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task Cancelled_work_releases_its_buffer()
    {
        using PyObject module = Python("""
            async def main(wait):
                data = bytearray(3)
                task = asyncio.ensure_future(wait(data))
                while not data[0]:
                    await asyncio.sleep(0)
                task.cancel()
                try:
                    await task
                except asyncio.CancelledError:
                    data.append(1)
                    return len(data)
            """);
        PyObject wait = Function(async (PyObject data, CancellationToken cancellationToken) =>
        {
            using PyBuffer<byte> buffer = data.GetBuffer<byte>();
            buffer.Span[0] = 1;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        });

        (await Runtime.CallAsync<int>(module.GetAttr("main"), [wait])).ShouldBe(4);
    }

    [ConformanceFact]
    public virtual async Task Streams_of_dotnet_read_into_Python_memory()
    {
        using PyObject module = Python("""
            async def main(read_into):
                data = bytearray(1000)
                await read_into(memoryview(data)[100:300])
                return sum(data), sum(data[100:300])
            """);
        string path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)3, 200)]);
        PyObject readInto = Function(async (PyObject data, CancellationToken cancellationToken) =>
        {
            await using FileStream file = File.OpenRead(path);
            using PyBuffer<byte> buffer = data.GetBuffer<byte>();
            await file.ReadExactlyAsync(buffer.Memory, cancellationToken);
            return 0;
        });

        (await Runtime.CallAsync<(int, int)>(module.GetAttr("main"), [readInto])).ShouldBe((600, 600));
        File.Delete(path);
    }

    [ConformanceFact]
    public virtual async Task Errors_are_those_that_Python_code_expects()
    {
        using PyObject module = Python("""
            async def error(f, data):
                try:
                    await f(data)
                except Exception as e:
                    return f"{type(e).__name__}: {e}"

            async def main(f):
                released = memoryview(bytearray(4))
                released.release()
                return [await error(f, data) for data in (b"text", [1], memoryview(bytearray(8))[::2], memoryview(bytearray(8)).cast("d"), released)]
            """);
        PyObject take = Function(async (PyObject data, CancellationToken cancellationToken) =>
        {
            await Task.Yield();
            using PyBuffer<byte> buffer = data.GetBuffer<byte>();
            return buffer.Span.Length;
        });

        string[] errors = await Runtime.CallAsync<string[]>(module.GetAttr("main"), [take]);

        errors[0].ShouldStartWith("TypeError: A Python 'bytes' cannot be converted to PyAsync.Interop.PyBuffer<System.Byte>: it is read-only.");
        errors[1].ShouldStartWith("TypeError: A Python 'list' cannot be converted to PyAsync.Interop.PyBuffer<System.Byte>: it does not support the buffer protocol.");
        errors[2].ShouldStartWith("BufferError: The buffer of the Python 'memoryview' of shape (4,) and strides (2,) has gaps between its items");
        errors[3].ShouldStartWith("TypeError: A Python 'memoryview' cannot be converted to PyAsync.Interop.PyBuffer<System.Byte>: it has items of the format 'd' (a float of 8 bytes).");
        errors[4].ShouldBe("ValueError: operation forbidden on released memoryview object");
    }

    [ConformanceFact]
    public virtual async Task Arrays_of_numpy_are_used_both_ways()
    {
        using PyObject module = Python("""
            def has_numpy():
                try:
                    import numpy
                except ImportError:
                    return False
                return True

            async def scale(image, factor):
                import numpy as np
                array = np.asarray(image)
                await asyncio.sleep(0)
                array *= factor
                return float(array.sum())

            async def columns():
                import numpy as np
                return np.arange(6, dtype="f4").reshape(2, 3).T
            """);
        Assert.SkipUnless(module.CallMethod<bool>("has_numpy"), "numpy is not installed for this Python: apt-get install python3-numpy");
        float[] pixels = [1, 2, 3, 4, 5, 6];
        using (PyObject image = PyObject.FromMemory(pixels.AsMemory(), [2, 3]))
        {
            (await Runtime.CallAsync<double>(module.GetAttr("scale"), [image, 10])).ShouldBe(210);
        }

        pixels.ShouldBe([10, 20, 30, 40, 50, 60]);
        using PyBuffer<float> columns = await Runtime.CallAsync(module.GetAttr("columns"), default, PyConvert.Buffer<float>());
        await Task.Yield();
        columns.Lengths.ToArray().ShouldBe([3, 2]);
        columns.TensorSpan[2, 1].ShouldBe(5);
    }
}
