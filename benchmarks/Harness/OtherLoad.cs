using System.Diagnostics;
using System.Globalization;

namespace PyAsync.Benchmarks;

/// <summary>
/// What the rest of the machine did while something was measured: two threads that wake each other take several times as long when a third
/// wants one of two cores, and a ratio of such figures says nothing. Linux alone tells; elsewhere the machine counts as quiet.
/// </summary>
internal sealed class OtherLoad
{
    /// <summary>From this share of one processor on, a bound that is missed says nothing.</summary>
    public const double Limit = 0.1;

    // Counted in the same ticks, both: see proc(5).
    private const double TicksPerSecond = 100;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _others = Others();

    /// <summary>How much of one processor others have used since this was made; children that have ended are no others.</summary>
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

        // What follows the name, which may hold spaces: state, …, and from the twelfth on utime stime cutime cstime.
        string self = File.ReadAllText("/proc/self/stat");
        long[] mine = Numbers(self[(self.LastIndexOf(')') + 3)..]);
        return busy - mine[10..14].Sum();
    }

    private static long[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static number => long.TryParse(number, CultureInfo.InvariantCulture, out long value) ? value : 0)];
}
