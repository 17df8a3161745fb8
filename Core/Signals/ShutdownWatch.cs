namespace PyAsync.Signals;

/// <summary>Watches whether a run, or the end of a runtime, ends within the time that a signal leaves it.</summary>
internal sealed class ShutdownWatch : IDisposable
{
    /// <summary>The time that a loop has to stop after the time is up. After that it counts as blocked.</summary>
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShutdownWatch()
    {
    }

    /// <summary>Begins to watch.</summary>
    /// <param name="time">The time.</param>
    /// <param name="stop">Called when the time is up: stops the loop.</param>
    /// <param name="abandon">Called if the loop does not stop.</param>
    public static ShutdownWatch Start(ShutdownTime time, Action stop, Action abandon)
    {
        var watch = new ShutdownWatch();
        _ = watch.RunAsync(time, stop, abandon);
        return watch;
    }

    /// <summary>Ends the watch. Called when the run or the runtime has ended.</summary>
    public void Dispose() => _over.TrySetResult();

    private async Task RunAsync(ShutdownTime time, Action stop, Action abandon)
    {
        if (await IsOver(time.Left).ConfigureAwait(false))
        {
            return;
        }

        stop();
        if (!await IsOver(s_stopTimeout).ConfigureAwait(false))
        {
            abandon();
        }
    }

    private async Task<bool> IsOver(TimeSpan timeout)
    {
        await TimedWait.UntilAny(timeout, _over.Task).ConfigureAwait(false);
        return _over.Task.IsCompleted;
    }
}
