using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>
/// Owns the loops' threads for a host: starts the runtimes before any other hosted service starts, and ends them after all have stopped, so that
/// services may use the runtimes from their start to their stop.
/// </summary>
internal sealed class PyAsyncHostedService(
    IServiceProvider services, IEnumerable<RuntimeKey> keys, HostParticipants participants, IHostApplicationLifetime lifetime, IOptions<HostOptions> host) : IHostedLifecycleService
{
    private readonly List<IRuntime> _started = [];
    private long _stopBegan;

    /// <summary>Gets or sets the runtime whose loop runs on the thread that runs the host, and ends after the host; null if there is none.</summary>
    public IRuntime? OnCallingThread { get; set; }

    /// <summary>Gets the rest of the host's time for its shutdown, which began with <see cref="StoppingAsync"/>: zero or more, or infinite.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            TimeSpan all = host.Value.ShutdownTimeout;
            if (all == Timeout.InfiniteTimeSpan || _stopBegan == 0)
            {
                return all;
            }

            TimeSpan left = all - Stopwatch.GetElapsedTime(_stopBegan);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (RuntimeKey key in keys)
        {
            IRuntime runtime = key.Key is null
                ? services.GetRequiredService<IRuntime>()
                : services.GetRequiredKeyedService<IRuntime>(key.Key);
            if (runtime != OnCallingThread && !_started.Contains(runtime))
            {
                _started.Add(runtime);
            }

            await Start(runtime, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = services.GetRequiredService<StartedParticipants>();
        return participants.StartAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        participants.Check();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopBegan = Stopwatch.GetTimestamp();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => participants.StopAsync(cancellationToken);

    /// <summary>
    /// Ends the runtimes concurrently. If the token fires (the host's time for its shutdown is up), their ends are cut short, and a warning names the
    /// work in flight; this method does not fail for that reason.
    /// </summary>
    public Task StoppedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_started.AsEnumerable().Reverse().Select(runtime => End(runtime, cancellationToken)));

    /// <summary>
    /// Starts a runtime. If the host is stopped meanwhile, the start continues for a while: then the host starts and stops its services, and ends as
    /// usual, whereas a failing start would end the program with an exception.
    /// </summary>
    private async Task Start(IRuntime runtime, CancellationToken cancellationToken)
    {
        try
        {
            await runtime.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await runtime.StartAsync(CancellationToken.None).WaitAsync(host.Value.ShutdownTimeout, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Task End(IRuntime runtime, CancellationToken hostsTime) =>
        runtime is Runtime own ? own.EndWithHostAsync(hostsTime) : runtime.DisposeAsync().AsTask();
}
