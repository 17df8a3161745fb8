using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>Runs an application that gives its main thread to Python, as Python's signal handling requires.</summary>
public static class PyAsyncApp
{
    /// <summary>The exit code of a program whose settings are not valid, or for which no usable Python is found: 2, as for a wrong command line.</summary>
    public const int InvalidSettings = 2;

    /// <summary>
    /// Runs <paramref name="main"/> to its end: the calling thread runs the Python loop, the work runs on the backend. Then all remaining work is
    /// cancelled and waited for, and the loop is closed, as <c>asyncio.run</c> does. May be called again.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Configuration and logging are those of <see cref="Host.CreateApplicationBuilder(string[])"/>: <c>appsettings.json</c>, environment
    /// variables and the command line; the section <c>PyAsync</c> holds the runtime's settings. The console log goes to stderr, so that stdout has only
    /// the program's output; <c>Logging:Console:LogToStandardErrorThreshold</c> changes that. Exceptions of the main work are thrown.
    /// </para>
    /// <para>
    /// There is no running host: hosted services that <paramref name="configure"/> registers are not started, and a warning names them. A program
    /// that has hosted services builds a host and calls <see cref="PyAsyncHostExtensions.RunPyAsync"/>.
    /// </para>
    /// <para>
    /// After a signal the work has <see cref="PyAsyncOptions.ShutdownTimeout"/> to end. Then a warning names the work in flight, and the program ends.
    /// </para>
    /// <para>
    /// At the end of the process Python's exit functions run (<c>atexit</c>, threads, open files), and Python is not finalised: CPython has to be
    /// finalised on its main thread, which is the calling one. With <paramref name="finalizePython"/> this method does that as its last step; the entry point of <see cref="PyAsyncMainAttribute"/> does so always.
    /// </para>
    /// </remarks>
    /// <param name="main">The application. Its token fires when the runtime ends.</param>
    /// <param name="args">The command line, for configuration (<c>--PyAsync:Backend=DedicatedThread</c>); null for none.</param>
    /// <param name="configure">Registers further services and sets options: <c>services => services.AddPyAsync(options => …)</c>; null for nothing.</param>
    /// <param name="finalizePython">
    /// True if the program does not use Python afterwards: Python is finalised before the method returns, unless another runtime or pythonnet needs it. Later uses throw <see cref="ObjectDisposedException"/>.
    /// </param>
    /// <returns>
    /// The exit code: 0; <see cref="InvalidSettings"/> with a message on stderr if a setting is not valid or no usable Python is found; that of a
    /// <c>SystemExit</c> that reached the main work; 130 for Ctrl-C or a <c>KeyboardInterrupt</c> that reached it, 143 for SIGTERM
    /// (<see cref="PyAsyncOptions.Signals"/>), unless the main work returns although it was cancelled.
    /// </returns>
    public static int Run(Func<IRuntime, CancellationToken, Task> main, string[]? args = null, Action<IServiceCollection>? configure = null, bool finalizePython = false)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(WithExitCode(main), args, new PyAsyncMainAttribute(), configure, finalizePython, main);
    }

    /// <inheritdoc cref="Run(Func{IRuntime, CancellationToken, Task}, string[], Action{IServiceCollection}, bool)"/>
    /// <param name="main">The application. Its result is the exit code.</param>
    /// <param name="args">The command line, for configuration; null for none.</param>
    /// <param name="configure">Registers further services and sets options; null for none.</param>
    /// <param name="finalizePython">True to finalise Python before the method returns.</param>
    public static int Run(Func<IRuntime, CancellationToken, Task<int>> main, string[]? args = null, Action<IServiceCollection>? configure = null, bool finalizePython = false)
    {
        ArgumentNullException.ThrowIfNull(main);
        return Run(main, args, new PyAsyncMainAttribute(), configure, finalizePython, main);
    }

    /// <summary>Runs an application for the entry point that <see cref="PyAsyncMainAttribute"/> generates.</summary>
    /// <param name="main">The main method.</param>
    /// <param name="args">The command line.</param>
    /// <param name="settings">The attribute.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static int Run(Func<IRuntime, CancellationToken, Task> main, string[] args, PyAsyncMainAttribute settings)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(settings);
        return Run(WithExitCode(main), args, settings, configure: null, finalizePython: true, main);
    }

    /// <inheritdoc cref="Run(Func{IRuntime, CancellationToken, Task}, string[], PyAsyncMainAttribute)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static int Run(Func<IRuntime, CancellationToken, Task<int>> main, string[] args, PyAsyncMainAttribute settings)
    {
        ArgumentNullException.ThrowIfNull(main);
        ArgumentNullException.ThrowIfNull(settings);
        return Run(main, args, settings, configure: null, finalizePython: true, main);
    }

    private static Func<IRuntime, CancellationToken, Task<int>> WithExitCode(Func<IRuntime, CancellationToken, Task> main) =>
        async (runtime, cancellationToken) =>
        {
            await main(runtime, cancellationToken).ConfigureAwait(false);
            return 0;
        };

    private static int Run(
        Func<IRuntime, CancellationToken, Task<int>> main,
        string[]? args,
        PyAsyncMainAttribute settings,
        Action<IServiceCollection>? configure,
        bool finalizePython,
        Delegate source)
    {
        int exitCode = Run(main, args, settings, configure, source);
        if (finalizePython)
        {
            Runtime.TryFinalizePython();
        }

        return exitCode;
    }

    private static int Run(
        Func<IRuntime, CancellationToken, Task<int>> main, string[]? args, PyAsyncMainAttribute settings, Action<IServiceCollection>? configure, Delegate source)
    {
        bool hasBegun = false;
        try
        {
            // The host is never started: it only provides the services.
            using IHost host = Build(CreateBuilder(args), settings, configure);
            return Run(
                host.Services.GetRequiredService<IRuntime>(),
                (runtime, cancellationToken) =>
                {
                    hasBegun = true;
                    return main(runtime, cancellationToken);
                },
                source);
        }
        catch (Exception e) when (!hasBegun && (SettingsErrors.Is(e) || e is OptionsValidationException))
        {
            Console.Error.WriteLine(SettingsErrors.Message(e));
            return InvalidSettings;
        }
    }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="OptionsValidationException">A file of settings or the command line cannot be read.</exception>
    private static HostApplicationBuilder CreateBuilder(string[]? args)
    {
        try
        {
            return Host.CreateApplicationBuilder(args);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or DirectoryNotFoundException)
        {
            throw new OptionsValidationException("", typeof(PyAsyncOptions), [e is InvalidDataException { InnerException: { } cause } ? $"{e.Message} {cause.Message}" : e.Message]);
        }
    }

    private static IHost Build(HostApplicationBuilder builder, PyAsyncMainAttribute settings, Action<IServiceCollection>? configure)
    {
        if (builder.Configuration["Logging:Console:LogToStandardErrorThreshold"] is null)
        {
            builder.Services.Configure<ConsoleLoggerOptions>(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        }

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
        int before = builder.Services.Count;
        configure?.Invoke(builder.Services);
        builder.Services.PostConfigure<PyAsyncOptions>(static options => options.Signals ??= SignalHandling.Host);
        string[] ignored = [.. builder.Services.Skip(before).Where(static service => service.ServiceType == typeof(IHostedService)).Select(NameOf)];
        IHost host = builder.Build();
        if (ignored.Length > 0)
        {
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PyAsyncApp)).LogWarning(
                "PyAsyncApp starts no hosted services, and some are registered: {Services}. Build a host and call host.RunPyAsync() to start them.",
                string.Join(", ", ignored));
        }

        return host;
    }

    private static string NameOf(ServiceDescriptor service) =>
        (service.ImplementationType ?? service.ImplementationInstance?.GetType())?.Name ?? "a service from a factory";

    [SuppressMessage("Reliability", "CA2025:Ensure tasks using 'IDisposable' instances complete before the instances are disposed", Justification = "RunUntilComplete waits for the task.")]
    private static int Run(IRuntime runtime, Func<IRuntime, CancellationToken, Task<int>> main, Delegate source)
    {
        // The runtime must end here, before the host: a host disposes its services on any thread, and a loop with signal handlers can be closed only on
        // the thread that ran it.
        using (runtime)
        {
            try
            {
                return runtime is Runtime own ? own.RunUntilComplete(cancellationToken => main(runtime, cancellationToken), source) : runtime.RunUntilComplete(cancellationToken => main(runtime, cancellationToken));
            }
            catch (PythonException e) when (e.Error.ExitCode is { } exitCode)
            {
                return exitCode;
            }
            catch (SignalReceivedException e)
            {
                using IDisposable? watch = (runtime as Runtime)?.BeginLastEnd(e.ExitCode, Timeout.InfiniteTimeSpan);
                runtime.Dispose();
                return e.ExitCode;
            }
        }
    }
}
