namespace PyAsync;

/// <summary>A part of an application that starts after the runtimes of its host, before the services that are registered later, and stops before the runtimes end.</summary>
internal interface IHostParticipant
{
    /// <summary>Starts the part. An exception fails the host's start.</summary>
    /// <param name="cancellationToken">Fires when the host is stopped meanwhile.</param>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops the part. Called only if its start has succeeded.</summary>
    /// <param name="cancellationToken">Fires when the host's time for its shutdown is up.</param>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>The participants of a host. They are added between the host's build and its start, as endpoints are.</summary>
internal sealed class HostParticipants
{
    private readonly List<IHostParticipant> _added = [];
    private readonly Stack<IHostParticipant> _started = [];

    /// <summary>Adds a participant.</summary>
    public void Add(IHostParticipant participant) => _added.Add(participant);

    /// <summary>Starts the participants one after another.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (IHostParticipant participant in _added)
        {
            await participant.StartAsync(cancellationToken).ConfigureAwait(false);
            _started.Push(participant);
        }
    }

    /// <summary>Stops those that have started, the last one first. A failure does not keep the others from stopping.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<Exception> failures = [];
        while (_started.TryPop(out IHostParticipant? participant))
        {
            try
            {
                await participant.StopAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }
}
