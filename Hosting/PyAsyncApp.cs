using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PyAsync.Backends;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>Runs an application that gives its main thread to Python, as Python's signal handling wants.</summary>
public static class PyAsyncApp
{
    /// <summary>
    /// Runs <paramref name="main"/> to its end: the calling thread runs the Python loop, the work runs on the backend. Then everything
    /// that is still running is cancelled and waited for, and the loop is closed, as <c>asyncio.run</c> does. May be called again.
    /// </summary>
    /// <remarks>
    /// Configuration and logging are those of <see cref="Host.CreateApplicationBuilder(string[])"/>: <c>appsettings.json</c>, environment
    /// variables and the command line; the section <c>PyAsync</c> holds the runtime's settings. Exceptions of the main work are thrown.
    /// </remarks>
    /// <param name="main">The application. Its token fires when the runtime ends.</param>
    /// <param name="args">The command line, for configuration (<c>--PyAsync:Backend=DedicatedThread</c>); null for none.</param>
    /// <param name="configure">Registers and chooses further: <c>services => services.AddPyAsync(options => …)</c>; null for nothing.</param>
    /// <returns>
    /// The exit code: 0; that of a <c>SystemExit</c> that reached the main work; 130 for Ctrl-C or a <c>KeyboardInterrupt</c> that did, 143 for SIGTERM
    /// (<see cref="PyAsyncOptions.Signals"/>).
    /// </returns>
    /// <exception cref="PythonNotFoundException">No usable Python; the message lists what was tried and what to install.</exception>
    public static int Run(Func<IRuntime, CancellationToken, Task> main, string[]? args = null, Action<IServiceCollection>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(
            async (runtime, ct) =>
            {
                await main(runtime, ct).ConfigureAwait(false);
                return 0;
            },
            args,
            configure);
    }

    /// <inheritdoc cref="Run(Func{IRuntime, CancellationToken, Task}, string[], Action{IServiceCollection})"/>
    /// <param name="main">The application. Its result is the exit code.</param>
    /// <param name="args">The command line, for configuration; null for none.</param>
    /// <param name="configure">Registers and chooses further; null for nothing.</param>
    public static int Run(Func<IRuntime, CancellationToken, Task<int>> main, string[]? args = null, Action<IServiceCollection>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(main, args, new PyAsyncMainAttribute(), configure);
    }

    /// <summary>What the entry point that <see cref="PyAsyncMainAttribute"/> makes calls.</summary>
    /// <param name="main">The main method.</param>
    /// <param name="args">The command line.</param>
    /// <param name="settings">What the attribute says.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static int Run(Func<IRuntime, CancellationToken, Task> main, string[] args, PyAsyncMainAttribute settings)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(settings);
        return Run(
            async (runtime, ct) =>
            {
                await main(runtime, ct).ConfigureAwait(false);
                return 0;
            },
            args,
            settings,
            configure: null);
    }

    /// <inheritdoc cref="Run(Func{IRuntime, CancellationToken, Task}, string[], PyAsyncMainAttribute)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static int Run(Func<IRuntime, CancellationToken, Task<int>> main, string[] args, PyAsyncMainAttribute settings)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(settings);
        return Run(main, args, settings, configure: null);
    }

    [SuppressMessage("Reliability", "CA2025:Ensure tasks using 'IDisposable' instances complete before the instances are disposed", Justification = "RunUntilComplete waits for the task.")]
    private static int Run(
        Func<IRuntime, CancellationToken, Task<int>> main, string[]? args, PyAsyncMainAttribute settings, Action<IServiceCollection>? configure)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddPyAsync(options =>
        {
            options.Backend = settings.Backend ?? options.Backend;
            options.EventLoop = settings.EventLoop ?? options.EventLoop;
        });
        if (settings.WorkerThreads != 0)
        {
            builder.Services.Configure<DedicatedThreadOptions>(options => options.Threads = settings.WorkerThreads);
        }

        builder.Services.AddPyAsync(builder.Configuration.GetSection(PyAsyncOptions.SectionName));
        configure?.Invoke(builder.Services);
        builder.Services.PostConfigure<PyAsyncOptions>(static options => options.Signals ??= SignalHandling.Host);

        // The host is never started: it is here for its services. The runtime ends first and here, on the thread that ran its loop: a host
        // disposes its services on whatever thread, and a loop with signal handlers can be closed on the main thread only.
        using IHost host = builder.Build();
        using IRuntime runtime = host.Services.GetRequiredService<IRuntime>();
        try
        {
            return runtime.RunUntilComplete(ct => main(runtime, ct));
        }
        catch (PythonException e) when (e.Error.ExitCode is { } exitCode)
        {
            return exitCode;
        }
        catch (SignalReceivedException e)
        {
            return e.ExitCode;
        }
    }
}
