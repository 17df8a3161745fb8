using System.Diagnostics;
using System.Globalization;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>
/// Runs a test over random seeds for a time: first over those that have found something before (<c>seeds.txt</c>), then over new ones. The first seed that fails
/// fails the test, and is named.
/// </summary>
/// <remarks>
/// <c>PYASYNC_FUZZ_SECONDS</c> says for how long each test runs, 10 s by default. <c>PYASYNC_FUZZ_SEED</c> is the first seed, which counts up; without it the
/// clock gives one. A seed that has failed runs alone with <c>PYASYNC_FUZZ_SEED</c> set to it and <c>PYASYNC_FUZZ_SECONDS=0</c>.
/// </remarks>
internal static class Fuzz
{
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(Read("PYASYNC_FUZZ_SECONDS") ?? 10);

    /// <param name="test">The test's name in <c>seeds.txt</c>.</param>
    /// <param name="body">One case. Has to be the same each time that it gets the same seed.</param>
    public static void Run(string test, Action<int> body)
    {
        foreach (int seed in Kept(test))
        {
            Case(test, body, seed);
        }

        int next = (int)(Read("PYASYNC_FUZZ_SEED") ?? Random.Shared.Next(1, 1_000_000_000));
        int first = next;
        var watch = Stopwatch.StartNew();
        do
        {
            Case(test, body, next);
            next = next == int.MaxValue ? 0 : next + 1;
        }
        while (watch.Elapsed < s_time);

        Console.WriteLine($"{test}: {next - first} cases from seed {first}");
    }

    private static void Case(string test, Action<int> body, int seed)
    {
        try
        {
            body(seed);
        }
        catch (Exception e)
        {
            throw new ShouldAssertException($"{test} fails with seed {seed} (PYASYNC_FUZZ_SEED={seed} PYASYNC_FUZZ_SECONDS=0): {e.Message}", e);
        }
    }

    private static IEnumerable<int> Kept(string test) =>
        from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "seeds.txt"))
        let parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries)
        where parts.Length >= 2 && parts[0] == test
        select int.Parse(parts[1], CultureInfo.InvariantCulture);

    private static double? Read(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
