using PyAsync.Testing.Host;

namespace PyAsync.Tests;

/// <summary>Distinguishes work that an injected failure has left behind from work that is only slow.</summary>
internal static class LostWork
{
    private const int Mixes = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Waits until all work has ended, or until the failure has happened and everything else has had the time to end: the machine may be busy, so this time
    /// includes that of other work on another runtime.
    /// </summary>
    /// <param name="all">All work.</param>
    /// <param name="hasFailed">Returns true if the failure has happened.</param>
    /// <returns>True if work is left.</returns>
    public static async Task<bool> IsLeft(Task all, Func<bool> hasFailed)
    {
        using var late = new CancellationTokenSource(s_soon);
        while (!all.IsCompleted && !hasFailed() && !late.IsCancellationRequested)
        {
            await Task.WhenAny(all, Task.Delay(5));
        }

        await Task.WhenAny(all, Task.Delay(s_patience));
        if (!all.IsCompleted)
        {
            await using IRuntime another = new ThreadPoolBackend().CreateRuntime(eventLoop: TestLoops.Create());
            await another.StartAsync();
            for (int i = 0; i < Mixes; i++)
            {
                using var mix = new Mix();
                await Task.WhenAll(mix.Start(another).Select(static work => work.Work)).WaitAsync(s_soon);
            }
        }

        return !all.IsCompleted;
    }
}
