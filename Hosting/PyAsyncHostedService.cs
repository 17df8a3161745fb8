using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PyAsync;

/// <summary>
/// Owns the loops' threads for a host: up before any other hosted service starts, down after all have stopped, so that they may use the
/// runtimes from their start to their stop.
/// </summary>
internal sealed class PyAsyncHostedService(IServiceProvider services, IEnumerable<RuntimeKey> keys) : IHostedLifecycleService
{
    private readonly List<IRuntime> _started = [];

    /// <summary>A runtime whose loop the thread that runs the host runs too, and ends after the host; null if there is none.</summary>
    public IRuntime? OnCallingThread { get; set; }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (RuntimeKey key in keys)
        {
            IRuntime runtime = key.Key is null
                ? services.GetRequiredService<IRuntime>()
                : services.GetRequiredKeyedService<IRuntime>(key.Key);
            if (runtime != OnCallingThread)
            {
                _started.Add(runtime);
            }

            await runtime.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (IRuntime runtime in _started.AsEnumerable().Reverse())
        {
            await runtime.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
