using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>Starts Python for a runtime, opens the runtime's own loop, and ends it.</summary>
/// <param name="parts">The runtime's parts.</param>
/// <param name="phase">The runtime's phase.</param>
/// <param name="opened">Called with the loop that was opened.</param>
internal sealed class LoopHost(RuntimeParts parts, RuntimePhase phase, Action<PythonEventLoop> opened)
{
    // The layouts are those of the process.
    private static bool s_hasLoggedLayouts;

    private readonly TaskCompletionSource _exits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private bool _isSubscribed;

    /// <summary>Gets the loop's runner; null before the loop was opened.</summary>
    public LoopRunner? Runner { get; private set; }

    /// <summary>Gets or sets the work that was still running when the time for the end was over.</summary>
    public LateWork Late { get; set; } = new();

    /// <summary>Gets a Task that completes when code on the loop's thread has called <c>Environment.Exit</c>: that thread waits until the process has ended.</summary>
    public Task Exits => _exits.Task;

    /// <summary>Starts Python, or joins the one that is running. From any thread, without the GIL.</summary>
    public void StartPython(bool useCallingThread)
    {
        var options = new PythonInterpreterOptions { Python = parts.Options.Python, UseCallingThread = useCallingThread, KeepTracebackLocals = parts.Options.KeepTracebackLocals };
        foreach (string path in parts.Options.ModulePaths)
        {
            options.ModulePaths.Add(path);
        }

        PythonInterpreter interpreter = PythonInterpreter.Start(options);
        HiddenModules.Explain(ForkGuard.Install);
        lock (_lock)
        {
            if (!_isSubscribed)
            {
                _isSubscribed = true;
                interpreter.Ending += EndWithProcess;
                parts.Logger.LogInformation("Python {Version} ({Source}: {Path}) for the runtime {Runtime}", interpreter.Installation.Version, interpreter.Installation.Source, interpreter.Installation.Executable ?? interpreter.Installation.LibraryPath, parts.Title);
                if (Interlocked.Exchange(ref s_hasLoggedLayouts, true) == false)
                {
                    parts.Logger.LogDebug("CPython's private layouts {Layouts}", CPythonLayouts.Describe());
                }
            }
        }

        parts.PythonStarted?.Invoke();
    }

    /// <summary>Gets the runtime's loop, created at the first call. The calling thread holds the GIL and is about to run the loop.</summary>
    public LoopRunner Open()
    {
        if (Runner is null)
        {
            Runner = HiddenModules.Explain(() => LoopRunner.Create(parts.LoopFactory, parts.Options, parts.LoopSettings));
            Runner.Loop.Owner = parts.Runtime;
            Runner.Loop.ExitOnThread = ReportExit;
            opened(Runner.Loop);
        }

        return Runner;
    }

    /// <summary>Ends the loop on the thread that has run it, with the GIL held.</summary>
    public void End(LoopRunner runner) => Late = runner.End(parts.Tracker, parts.Shutdown);

    /// <summary>Ends a loop that no thread runs.</summary>
    public void EndIdle()
    {
        if (Runner is { Loop.IsClosed: false } runner && PythonInterpreter.IsRunning)
        {
            using AttachScope scope = PythonThread.Attach();
            End(runner);
        }
    }

    /// <summary>Called when the runtime has ended: the end of the process no longer concerns it.</summary>
    public void Leave()
    {
        if (_isSubscribed && PythonInterpreter.IsRunning)
        {
            PythonInterpreter.Current.Ending -= EndWithProcess;
        }
    }

    private void ReportExit() => _exits.TrySetResult();

    /// <summary>Ends the runtime in an orderly way, within a time limit, when the process ends before it was disposed.</summary>
    private void EndWithProcess()
    {
        phase.BeginProcessEnd();
        if (phase.IsAbandoned)
        {
            return;
        }

        parts.Shutdown.CutTo(EndTimes.WithProcess);
        parts.Runtime.DisposeAsync().AsTask().Wait(4 * EndTimes.WithProcess);
    }
}
