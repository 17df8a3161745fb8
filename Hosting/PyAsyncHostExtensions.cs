using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace PyAsync;

/// <summary>Runs a generic host beside a Python loop on the main thread.</summary>
public static class PyAsyncHostExtensions
{
    /// <summary>
    /// Runs the host to its end, as <c>host.Run()</c>, while the calling thread runs the Python loop of the <see cref="IRuntime"/> without a key: for
    /// Python code that needs the main thread. The runtime ends after the host's services have stopped: work has <see cref="PyAsyncOptions.ShutdownTimeout"/>, and
    /// not longer than the rest of the host's own time (<see cref="HostOptions.ShutdownTimeout"/>). If something still blocks that thread then,
    /// the log names it, and the process ends. The host handles signals (<c>IHostLifetime</c>). Disposes the host at the end.
    /// </summary>
    /// <param name="host">The host, not started.</param>
    /// <exception cref="InvalidOperationException">No runtime is registered (<c>AddPyAsync</c>), or a loop runs on this thread already.</exception>
    public static void RunPyAsync(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        using (host)
        {
            IRuntime runtime = host.Services.GetService<IRuntime>()
                ?? throw new InvalidOperationException("No runtime is registered: call builder.Services.AddPyAsync() before the host is built.");
            PyAsyncHostedService service = host.Services.GetServices<IHostedService>().OfType<PyAsyncHostedService>().Single();
            service.OnCallingThread = runtime;

            // Not host.RunAsync, which would dispose the host, and with it the runtime, while its loop still runs.
            IDisposable? watch = null;
            runtime.RunUntilComplete(async _ =>
            {
                await Start(host).ConfigureAwait(false);
                await host.WaitForShutdownAsync(CancellationToken.None).ConfigureAwait(false);
                watch = (runtime as Runtime)?.BeginLastEnd(Environment.ExitCode, service.TimeLeft);
            });
            using (watch)
            {
                // On this thread, which ran the loop.
                runtime.Dispose();
            }
        }
    }

    /// <summary>Starts the host. If its start fails, what has started in Python stops while the loop still runs.</summary>
    private static async Task Start(IHost host)
    {
        try
        {
            await host.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            await host.Services.GetRequiredService<StartedParticipants>().StopAsync().ConfigureAwait(false);
            throw;
        }
    }
}
