namespace PyAsync.Signals;

/// <summary>Watches whether a run, or the end of a runtime, ends within the time that a signal leaves it.</summary>
/// <remarks>
/// The watch runs on a separate thread, as .NET's handlers of signals do: when all threads of the pool are blocked, neither a continuation nor a timer
/// runs, and the process must end all the same.
/// </remarks>
internal sealed class ShutdownWatch : IDisposable
{
    /// <summary>The time that a loop has to stop after the time is up. After that it counts as blocked.</summary>
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _over = new();

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
        var thread = new Thread(() => watch.Run(time, stop, abandon)) { IsBackground = true, Name = "PyAsync shutdown watch" };
        thread.UnsafeStart();
        return watch;
    }

    /// <summary>Ends the watch. Called when the run or the runtime has ended.</summary>
    public void Dispose() => _over.Set();

    private void Run(ShutdownTime time, Action stop, Action abandon)
    {
        if (_over.Wait(time.Left))
        {
            return;
        }

        stop();
        if (!StepwiseWait.Until(_over.Wait, s_stopTimeout))
        {
            abandon();
        }
    }
}
