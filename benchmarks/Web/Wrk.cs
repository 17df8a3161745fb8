using System.Diagnostics;
using System.Globalization;

namespace PyAsync.Benchmarks;

/// <summary>The result of one run of wrk.</summary>
/// <param name="Requests">The number of answered requests.</param>
/// <param name="Seconds">The time that they took.</param>
/// <param name="Percentile99">The 99th percentile of the latency, in milliseconds.</param>
internal sealed record Load(long Requests, double Seconds, double Percentile99)
{
    public double RequestsPerSecond => Requests / Seconds;
}

/// <summary>Runs wrk, with one thread and 50 connections.</summary>
internal static class Wrk
{
    private static readonly string s_script = Path.Combine(AppContext.BaseDirectory, "report.lua");

    /// <summary>Gets a value that indicates whether wrk is installed.</summary>
    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <exception cref="InvalidOperationException">Requests failed, or had another status than 200.</exception>
    public static async Task<Load> Run(string url, int seconds)
    {
        using var process = Process.Start(new ProcessStartInfo("wrk", ["-t1", "-c50", $"-d{seconds}s", "-s", s_script, url]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string[] figures = output.TrimEnd().Split('\n')[^1].Split(' ');
        if (figures is not ["result", var requests, var microseconds, var percentile, "0"])
        {
            throw new InvalidOperationException($"wrk {url} failed, or had answers that are errors:\n{output}");
        }

        return new Load(
            long.Parse(requests, CultureInfo.InvariantCulture),
            double.Parse(microseconds, CultureInfo.InvariantCulture) / 1e6,
            double.Parse(percentile, CultureInfo.InvariantCulture) / 1000);
    }
}
