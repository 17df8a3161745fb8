using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>
/// Stops the participants of a host whose start has failed after they have started (a port is in use). Such a host does not stop its services: it is only disposed. The services
/// of a host are disposed in the reverse order of their creation, so this object is created after the runtimes, which the participants need until they have stopped.
/// </summary>
internal sealed class StartedParticipants(HostParticipants participants, IOptions<HostOptions> host, ILogger<StartedParticipants> logger) : IDisposable, IAsyncDisposable
{
    /// <summary>Stops the participants, unless the host has stopped them.</summary>
    public async Task StopAsync()
    {
        if (!participants.HasStarted)
        {
            return;
        }

        using var time = new CancellationTokenSource(host.Value.ShutdownTimeout);
        try
        {
            await participants.StopAsync(time.Token).ConfigureAwait(false);
        }
        catch (AggregateException e)
        {
            logger.LogError(e, "The stop of a host that has not started has failed.");
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    public void Dispose() => Task.Run(StopAsync).GetAwaiter().GetResult();
}
