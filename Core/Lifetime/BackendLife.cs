using Microsoft.Extensions.Logging;

namespace PyAsync.Lifetime;

/// <summary>Starts a runtime's backend once, and ends it. From any thread.</summary>
internal sealed class BackendLife(RuntimeParts parts, RuntimePhase phase)
{
    private readonly Lock _lock = new();
    private Task? _started;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_started is { IsFaulted: true } or { IsCanceled: true })
            {
                _started = null; // As after a failed start of the loop, another attempt is possible.
            }

            return _started ??= parts.Backend.StartAsync(new BackendStart(parts.Logger, parts.Time), cancellationToken).AsTask();
        }
    }

    /// <summary>Ends the backend, unless work blocks one of its threads for longer than the given time.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        Task ended = Task.Run(async () => await parts.Backend.DisposeAsync().ConfigureAwait(false));
        await TimedWait.UntilAny(patience, ended).ConfigureAwait(false);
        if (ended.IsCompleted)
        {
            await ended.ConfigureAwait(false);
            return;
        }

        // Environment.Exit keeps the backend's thread that has called it.
        parts.Logger.Log(
            phase.ProcessEnds ? LogLevel.Debug : LogLevel.Warning,
            "The backend {Backend} did not end in time: work blocks one of its threads. In flight was: {Late}.",
            parts.Backend.Name,
            string.Join(", ", parts.Tracker.Names));
    }
}
