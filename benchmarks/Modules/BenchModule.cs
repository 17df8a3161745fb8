namespace PyAsync.Benchmarks;

/// <summary>The functions for the benchmarks of modules.</summary>
[PyModule("bench_module")]
public static class BenchModule
{
    /// <summary>Completes at once.</summary>
    [PyFunction]
    public static Task Noop() => Task.CompletedTask;

    /// <summary>Completes at once, with its argument.</summary>
    [PyFunction]
    public static ValueTask<int> Echo(int value) => new(value);

    /// <summary>Goes to the thread pool and back.</summary>
    [PyFunction]
    public static async Task<int> Later(int value)
    {
        await Task.Yield();
        return value;
    }

    /// <summary>Returns without an await.</summary>
    [PyFunction]
    public static void Nothing()
    {
    }
}
