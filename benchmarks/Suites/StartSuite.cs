using System.Diagnostics;
using System.Globalization;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>Measures the start and the first await: each measurement in a separate process.</summary>
internal static class StartSuite
{
    public const string ChildArgument = "--first-await";

    public static async Task Run(BenchRun run)
    {
        ResultTable table = run.Table("Start, in a fresh process", "ms");
        var start = new Samples("StartAsync: finding and starting Python, asyncio, the loop");
        var first = new Samples("the first await");
        for (int round = 0; round < (run.Quick ? 3 : 7); round++)
        {
            double[] figures = await ChildProcess.Figures(ChildArgument, run.Results.Loop);
            start.Add(figures[0]);
            first.Add(figures[1]);
        }

        table.Add(start);
        table.Add(first);
        run.Check(Bounds.FirstAwait, "ThreadPool", first.Median);
    }

    public static async Task RunChild(EventLoopFactory loop)
    {
        long begin = Stopwatch.GetTimestamp();
        await using IRuntime runtime = PyAsyncRuntime.Create(eventLoop: loop);
        await runtime.StartAsync();
        TimeSpan started = Stopwatch.GetElapsedTime(begin);
        begin = Stopwatch.GetTimestamp();
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        await runtime.CallAsync(sleep, [0], PyConvert.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{started.TotalMilliseconds:0.00} {Stopwatch.GetElapsedTime(begin).TotalMilliseconds:0.00}"));
    }
}
