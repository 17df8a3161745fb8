namespace PyAsync.Benchmarks;

/// <summary>What the benchmarks of modules call.</summary>
[PyModule("bench_module")]
public static class BenchModule
{
    /// <summary>Is done at once.</summary>
    [PyFunction]
    public static Task Noop() => Task.CompletedTask;

    /// <summary>Is done at once, with what it was given.</summary>
    [PyFunction]
    public static ValueTask<int> Echo(int value) => new(value);

    /// <summary>Goes to the thread pool and comes back.</summary>
    [PyFunction]
    public static async Task<int> Later(int value)
    {
        await Task.Yield();
        return value;
    }

    /// <summary>No await at all.</summary>
    [PyFunction]
    public static void Nothing()
    {
    }
}
