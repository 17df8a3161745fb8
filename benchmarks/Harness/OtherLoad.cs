using System.Diagnostics;
using System.Globalization;

namespace PyAsync.Benchmarks;

/// <summary>
/// Measures the load of other programs during a measurement: two threads that wake each other take several times as long when a third thread needs one
/// of two cores, and the ratio of such figures is meaningless. Available on Linux only; elsewhere the load counts as 0.
/// </summary>
internal sealed class OtherLoad
{
    /// <summary>The share of one processor from which on a missed bound is ignored.</summary>
    public const double Limit = 0.1;

    // Both are counted in these ticks: see proc(5).
    private const double TicksPerSecond = 100;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _others = Others();

    /// <summary>Gets the share of one processor that other programs have used since this was created; ended child processes do not count as others.</summary>
    public double Share => (Others() - _others) / TicksPerSecond / Stopwatch.GetElapsedTime(_start).TotalSeconds;

    private static long Others()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        // cpu user nice system idle iowait irq softirq steal …
        long[] all = Numbers(File.ReadLines("/proc/stat").First()["cpu".Length..]);
        long busy = all[..8].Sum() - all[3] - all[4];

        // The fields after the name, which may contain spaces: state, …, and from the twelfth on utime stime cutime cstime.
        string self = File.ReadAllText("/proc/self/stat");
        long[] mine = Numbers(self[(self.LastIndexOf(')') + 3)..]);
        return busy - mine[10..14].Sum();
    }

    private static long[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static number => long.TryParse(number, CultureInfo.InvariantCulture, out long value) ? value : 0)];
}
