using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>
/// The fixture that a backend's test project derives once. It creates the backend, and may set the event loop. The tests of a class share its runtime;
/// asyncio's debug mode is on, and Python's warnings are errors.
/// </summary>
public abstract class RuntimeFixture : IAsyncLifetime
{
    // Failures on the backend are reported from there, at their own time.
    private static readonly TimeSpan s_reportTimeout = TimeSpan.FromMinutes(1);

    private readonly WarningLog _logger = new();
    private IRuntime? _runtime;
    private PyObject? _watch;

    /// <summary>Gets the runtime under test. It is started, with its loop on a dedicated thread.</summary>
    public IRuntime Runtime => _runtime ?? throw new InvalidOperationException("The fixture has not been initialised.");

    /// <summary>
    /// Creates the settings of the fixture's runtimes. asyncio's debug mode is on, in which some of the bridge's fast paths are not used: the variable
    /// <c>PYASYNC_TEST_DEBUG=0</c> turns it off, for a second run of the suite.
    /// </summary>
    public virtual PyAsyncOptions CreateOptions() => new() { Debug = Environment.GetEnvironmentVariable("PYASYNC_TEST_DEBUG") != "0", ShutdownTimeout = TimeSpan.FromSeconds(5) };

    /// <summary>Creates the backend under test.</summary>
    public abstract RuntimeBackend CreateBackend();

    /// <summary>Creates the factory of the loops; the default is asyncio's own.</summary>
    public virtual EventLoopFactory CreateEventLoop() => new AsyncioLoopFactory();

    /// <summary>Creates a further runtime, not started, whose log the tests check too.</summary>
    public IRuntime CreateRuntime(Action<PyAsyncOptions>? configure = null)
    {
        PyAsyncOptions options = CreateOptions();
        configure?.Invoke(options);
        return CreateBackend().CreateRuntime(options, CreateEventLoop(), _logger);
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _runtime = CreateRuntime();
        await _runtime.StartAsync().ConfigureAwait(false);
        _watch = PyObject.ImportSource(
            """
            import gc, sys, warnings

            unraisable = []
            warnings.simplefilter("error", RuntimeWarning)
            warnings.simplefilter("error", ResourceWarning)

            def hook(args):
                unraisable.append(f"{args.err_msg or 'unraisable'}: {args.exc_value!r} in {args.object!r}")

            sys.unraisablehook = hook

            def take():
                gc.collect()
                taken = list(unraisable)
                unraisable.clear()
                return taken

            def settle():
                left = take()
                gc.freeze()
                return left
            """,
            "pyasync_test_watch");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_runtime is not null)
        {
            await _runtime.DisposeAsync().ConfigureAwait(false);
        }

        // What is left is no garbage of later tests, so their collections pass over it: a collection after each test would take most of the time once
        // large libraries have been imported.
        _watch?.CallMethod("settle").As(PyConvert.List(PyConvert.String)).ShouldBeEmpty();

        GC.SuppressFinalize(this);
    }

    /// <summary>Fails if Python warned, or if a failure went to a loop's exception handler or to the log, since the last check.</summary>
    /// <param name="expected">Parts of the expected entries: each has to be in one of them.</param>
    internal async Task AssertNothingUnobserved(params string[] expected)
    {
        List<string> found = [];
        using var late = new CancellationTokenSource(s_reportTimeout);
        var interval = new PollInterval();
        while (true)
        {
            // On the loop: objects of the last turn are collected and reported there.
            found.AddRange(await Runtime.InvokeAsync(() => _watch!.CallMethod("take").As(PyConvert.List(PyConvert.String)), CancellationToken.None).ConfigureAwait(false));
            found.AddRange(_logger.Take());
            if (late.IsCancellationRequested || expected.All(part => found.Any(entry => entry.Contains(part, StringComparison.Ordinal))))
            {
                break;
            }

            await interval.Wait().ConfigureAwait(false);
        }

        foreach (string part in expected)
        {
            found.RemoveAll(entry => entry.Contains(part, StringComparison.Ordinal)).ShouldBeGreaterThan(0, $"no report contains: {part}");
        }

        found.ShouldBeEmpty();
    }
}
