using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Measures the use of the other side's memory, small and large, in both directions.</summary>
internal static class BufferSuite
{
    private const int Small = 1_000;
    private const int Large = 100_000_000;
    private const int Count = 5_000;

    public static async Task Run(BenchRun run)
    {
        using PyObject builtins = PyObject.Import("builtins");
        using PyObject small = builtins.CallMethod("bytearray", [Small]), large = builtins.CallMethod("bytearray", [Large]);
        byte[] smallArray = new byte[Small], largeArray = new byte[Large];
        PyObject length = run.Python["length"], give = run.Python["give"];
        await run.Contest("Memory of Python in .NET: take the buffer, read the last byte, dispose")
            .Add("`bytearray` of 1 kB", () => OnLoop(run, () => Take(small)))
            .Add("`bytearray` of 100 MB", () => OnLoop(run, () => Take(large)))
            .Add("1 kB copied to a `byte[]`", () => OnLoop(run, () => small.As(PyConvert.Bytes)[^1]))
            .Holds(Bounds.LargeBufferOfPython, "both", static c => c["`bytearray` of 100 MB"] / c["`bytearray` of 1 kB"])
            .Run();
        await run.Contest("Memory of Python in .NET: await a function that returns it, read the last byte, dispose", hops: true)
            .Add("`bytearray` of 1 kB", () => Await(run.Reference, give, small))
            .Add("`bytearray` of 100 MB", () => Await(run.Reference, give, large))
            .Holds(Bounds.LargeBufferAwaited, "both", static c => c.Ratio("`bytearray` of 100 MB", "`bytearray` of 1 kB"))
            .Run();
        await run.Contest("Memory of .NET in Python: give it, read the last byte, release")
            .Add("`byte[]` of 1 kB", () => OnLoop(run, () => Give(length, smallArray)))
            .Add("`byte[]` of 100 MB", () => OnLoop(run, () => Give(length, largeArray)))
            .Holds(Bounds.LargeMemoryOfDotNet, "both", static c => c["`byte[]` of 100 MB"] / c["`byte[]` of 1 kB"])
            .Run();
    }

    private static int Take(PyObject data)
    {
        using PyBuffer<byte> buffer = data.GetBuffer<byte>();
        return buffer.Span[^1];
    }

    private static int Give(PyObject function, byte[] memory)
    {
        using PyObject view = PyObject.FromMemory(memory.AsMemory());
        return function.Call([view], PyConvert.Int32);
    }

    private static Task<double> OnLoop(BenchRun run, Func<int> use) =>
        run.Reference.Runtime.InvokeAsync(() =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Count; i++)
            {
                _ = use();
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Count;
        });

    private static Task<double> Await(Subject subject, PyObject function, PyObject data) =>
        subject.Runtime.Spawn(async _ =>
        {
            PyConverter<PyBuffer<byte>> converter = PyConvert.Buffer<byte>();
            int sum = 0;
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Count; i++)
            {
                using PyBuffer<byte> buffer = await subject.Runtime.CallAsync(function, [data], converter);
                sum += buffer.Span[^1];
            }

            if (sum != 0)
            {
                throw new InvalidOperationException("The bytes are zeros.");
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Count;
        });
}
