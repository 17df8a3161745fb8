using PyAsync.Interop;
using PyAsync.Testing;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Both collectors run all the time: what one side alone holds must be held.</summary>
public sealed class CollectionTests
{
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("ThreadPool")]
    [InlineData("DedicatedThread")]
    [InlineData("LoopThread")]
    public async Task Work_DuringConstantCollections_ComesBackRight(string backend)
    {
        using PyObject gc = PyObject.Import("gc");
        using PyObject threshold = gc.CallMethod("get_threshold");
        gc.CallMethod("set_threshold", [10]).Dispose();
        using var over = new ManualResetEventSlim();
        var collector = new Thread(() =>
        {
            while (!over.IsSet)
            {
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            await using IRuntime runtime = FaultyBackend.Create(backend).CreateRuntime(eventLoop: TestLoops.Create());
            await runtime.StartAsync();
            for (int i = 0; i < Repetitions.Of(30); i++)
            {
                using var mix = new Mix();
                await Task.WhenAll(mix.Start(runtime).Select(static work => work.Work)).WaitAsync(s_soon);
            }
        }
        finally
        {
            over.Set();
            collector.Join();
            (int first, int second, int third) = threshold.As<(int, int, int)>();
            gc.CallMethod("set_threshold", [first, second, third]).Dispose();
        }
    }
}
