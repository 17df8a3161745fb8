using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>
/// What a backend's test project derives once: it makes the backend, and may say which event loops to use. The runtime that it
/// gives is shared by the tests of a class; asyncio's debug mode is on, and Python's warnings are errors.
/// </summary>
public abstract class RuntimeFixture : IAsyncLifetime
{
    // What fails on the backend is reported from there, on its own time.
    private static readonly TimeSpan s_reportTimeout = TimeSpan.FromSeconds(10);

    private readonly RecordingLogger _logger = new();
    private IRuntime? _runtime;
    private PyObject? _watch;

    /// <summary>The runtime under test, started, its loop on a thread of its own.</summary>
    public IRuntime Runtime => _runtime ?? throw new InvalidOperationException("The fixture has not been initialised.");

    /// <summary>
    /// The settings of the runtimes that the fixture makes. asyncio's debug mode is on, which some of the bridge's fast paths leave alone:
    /// the variable <c>PYASYNC_TEST_DEBUG=0</c> turns it off, for a second run of the suite.
    /// </summary>
    public virtual PyAsyncOptions CreateOptions() => new() { Debug = Environment.GetEnvironmentVariable("PYASYNC_TEST_DEBUG") != "0", ShutdownTimeout = TimeSpan.FromSeconds(5) };

    /// <summary>Makes the backend under test.</summary>
    public abstract RuntimeBackend CreateBackend();

    /// <summary>Makes the loops; the default is asyncio's own.</summary>
    public virtual EventLoopFactory CreateEventLoop() => new AsyncioLoopFactory();

    /// <summary>Makes a further runtime, not started, whose log the tests see too.</summary>
    public IRuntime CreateRuntime(Action<PyAsyncOptions>? configure = null)
    {
        PyAsyncOptions options = CreateOptions();
        configure?.Invoke(options);
        return PyAsyncRuntime.Create(CreateBackend(), options, CreateEventLoop(), _logger);
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

        GC.SuppressFinalize(this);
    }

    /// <summary>Fails if Python warned, or if a failure went to a loop's exception handler or to the log, since the last look.</summary>
    /// <param name="expected">Parts of what is expected there: each has to be in one of the entries.</param>
    internal async Task AssertNothingUnobserved(params string[] expected)
    {
        List<string> found = [];
        using var late = new CancellationTokenSource(s_reportTimeout);
        do
        {
            // On the loop: what the last turn left behind is collected there and reported there.
            found.AddRange(await Runtime.InvokeAsync(() => _watch!.CallMethod("take").As(PyConvert.List(PyConvert.String)), CancellationToken.None).ConfigureAwait(false));
            found.AddRange(_logger.Take());
        }
        while (expected.Any(part => !found.Any(entry => entry.Contains(part, StringComparison.Ordinal))) && !late.IsCancellationRequested);

        foreach (string part in expected)
        {
            found.RemoveAll(entry => entry.Contains(part, StringComparison.Ordinal)).ShouldBeGreaterThan(0, $"nothing was said about: {part}");
        }

        found.ShouldBeEmpty();
    }
}
