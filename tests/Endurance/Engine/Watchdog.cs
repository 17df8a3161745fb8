using System.Runtime.InteropServices;

namespace PyAsync.Endurance;

/// <summary>Ends the process when nothing has made progress for a long time: something hangs.</summary>
internal sealed partial class Watchdog : IDisposable
{
    /// <summary>Only what hangs takes as long, on a busy machine as well.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly ManualResetEventSlim _over = new();

    /// <param name="progress">A number that changes while there is progress.</param>
    /// <param name="onHang">Reports the calls in flight, before the process ends.</param>
    public Watchdog(Func<long> progress, Action onHang)
    {
        new Thread(() =>
        {
            long last = progress();
            while (!_over.Wait(Limit))
            {
                long now = progress();
                if (now == last)
                {
                    onHang();
                    Console.Out.Flush();

                    // Not Environment.Exit: it would wait for what hangs.
                    ExitNow(1);
                }

                last = now;
            }
        }) { IsBackground = true, Name = "endurance watchdog" }.Start();
    }

    public void Dispose() => _over.Set();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
