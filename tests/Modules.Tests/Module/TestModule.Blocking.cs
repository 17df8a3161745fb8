using PyAsync.Interop;

namespace PyAsync.Tests;

// Functions that block the calling thread.
internal static partial class TestModule
{
    /// <summary>Blocks the calling thread on the loop's own work.</summary>
    [PyFunction]
    public static long BlockOn(IRuntime runtime, PyObject function) => runtime.CallAsync(function, [1], PyConvert.Int64).GetAwaiter().GetResult();

    private static readonly object s_gate = new();

    /// <summary>Takes a lock, and calls Python with the lock held.</summary>
    [PyFunction]
    public static void TakeLock(PyObject handler)
    {
        lock (s_gate)
        {
            handler.Call().Dispose();
        }
    }

    /// <summary>Waits for another thread, which calls Python first.</summary>
    [PyFunction]
    public static string WaitForHandler(string way, PyObject handler)
    {
        var gate = new object();
        using var held = new ManualResetEventSlim();
        using var released = new SemaphoreSlim(0);
        using var ended = new ManualResetEvent(false);
        void Hold()
        {
            lock (gate)
            {
                held.Set();
                handler.Call().Dispose();
                Monitor.PulseAll(gate);
            }

            released.Release();
            ended.Set();
        }

        if (way == "monitor")
        {
            lock (gate)
            {
                Task pulse = Task.Run(Hold);
                Monitor.Wait(gate);
                Monitor.Exit(gate);
                pulse.Wait();
                Monitor.Enter(gate);
            }

            return way;
        }

        var thread = new Thread(Hold);
        thread.Start();
        held.Wait();
        switch (way)
        {
            case "lock":
                lock (gate)
                {
                }

                break;
            case "semaphore":
                released.Wait();
                break;
            case "result":
                Task.Run(() => released.Wait(-1)).Result.ToString();
                break;
            case "event":
                ended.WaitOne();
                break;
        }

        thread.Join();
        return way;
    }
}
