namespace PyAsync;

/// <summary>A part of an application that starts after the runtimes of its host, before the services that are registered later, and stops before the runtimes end.</summary>
internal interface IHostParticipant
{
    /// <summary>Starts the part. An exception fails the host's start.</summary>
    /// <param name="cancellationToken">Fires when the host is stopped meanwhile.</param>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Checks what only the started host knows. An exception fails the host's start.</summary>
    void Check();

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

    /// <summary>True if a participant has started, and not stopped.</summary>
    public bool HasStarted => _started.Count > 0;

    /// <summary>Checks the participants when all services of the host have started.</summary>
    public void Check()
    {
        foreach (IHostParticipant participant in _added)
        {
            participant.Check();
        }
    }

    /// <summary>
    /// Stops those that have started, the last one first, and when the host's time is up, the remaining ones at once. A failure does not keep the others from stopping.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<Task> stops = [];
        while (_started.TryPop(out IHostParticipant? participant))
        {
            Task stop = participant.StopAsync(cancellationToken);
            stops.Add(stop);
            if (!cancellationToken.IsCancellationRequested)
            {
                await stop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Task all = Task.WhenAll(stops);
        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (all.Exception is { } failures)
        {
            throw failures;
        }
    }
}
