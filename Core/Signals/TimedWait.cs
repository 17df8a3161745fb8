namespace PyAsync.Signals;

/// <summary>Waits with a time-out and leaves no timer behind, unlike <c>Task.WhenAny</c> with <c>Task.Delay</c>, whose timer stays until the time is up.</summary>
internal static class TimedWait
{
    /// <summary>Waits until one of the tasks has ended, in any way, or the time is up.</summary>
    public static Task UntilAny(TimeSpan timeout, params Task[] tasks) => UntilAny(timeout, TimeProvider.System, tasks);

    /// <inheritdoc cref="UntilAny(TimeSpan, Task[])"/>
    public static async Task UntilAny(TimeSpan timeout, TimeProvider time, params Task[] tasks)
    {
        Task first = Task.WhenAny(tasks);
        await first.WaitAsync(timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
