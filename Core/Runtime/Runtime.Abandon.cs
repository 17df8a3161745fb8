using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync;

// The steps that remain possible when something blocks the loop's thread, so that the loop cannot end.
internal sealed partial class Runtime
{
    private static readonly TimeSpan s_descriptionTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Starts the time for the end, for a program that has nothing else to do. If something still blocks the loop when the time is up, the process ends.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <returns>A handle to dispose when the runtime has ended.</returns>
    internal IDisposable BeginLastEnd(int exitCode)
    {
        _shutdown.BeginEnd();
        return ShutdownWatch.Start(_shutdown, static () => { }, () => Abandon(exitCode));
    }

    /// <summary>Ends the process, because the time is up and something blocks the loop's thread. Returns only if the process is ending already.</summary>
    private void Abandon(int exitCode)
    {
        if (_processEnds)
        {
            return;
        }

        _logger.LogWarning("The process ends after {Waited} without waiting longer (ShutdownTimeout is {Timeout}) for: {Late}.", _shutdown.Waited, _options.ShutdownTimeout, Describe(isBlocked: true));
        _abandoned = true;
        PythonInterpreter.Current.EndTimeout = s_processEndTimeout;
        Environment.Exit(exitCode);
    }

    /// <summary>Describes the work in flight, from a thread that does not run the loop. The loop's thread may be blocked, with or without the GIL.</summary>
    private LateWork Describe(bool isBlocked = false)
    {
        LateWork? python = null;
        if (_runner is { Loop: { IsClosed: false } loop } runner)
        {
            using var answered = new ManualResetEventSlim();
            loop.TryPost(answered.Set);
            var thread = new Thread(() => Volatile.Write(ref python, DescribePython(runner, loop))) { IsBackground = true, Name = "PyAsync description" };
            thread.UnsafeStart();
            using DetachScope detached = PythonThread.Detach();
            isBlocked |= !thread.Join(s_descriptionTimeout) || !(answered.Wait(s_descriptionTimeout) || loop.IsClosed);
            python ??= new LateWork()
                .Add("Python awaitable that C# awaits", "Python awaitables that C# awaits", loop.Statistics.Awaits)
                .Add("piece of C# work that Python awaits", "pieces of C# work that Python awaits", loop.Statistics.Work);
        }

        var late = new LateWork();
        if (isBlocked)
        {
            late.Add("blocked event loop", "blocked event loops", [Name]);
        }

        if (python is not null)
        {
            late.Add(python);
        }

        return late.Add("piece of C# work", "pieces of C# work", _tracker.Names);
    }

    private LateWork? DescribePython(LoopRunner runner, PythonEventLoop loop)
    {
        try
        {
            using AttachScope scope = PythonThread.Attach();
            return new LateWork()
                .Add("Python task", "Python tasks", runner.NamesOfTasks())
                .Add("piece of C# work that Python awaits", "pieces of C# work that Python awaits", loop.Work.Names(except: null));
        }
        catch (Exception e) when (e is PythonException or InvalidOperationException)
        {
            _logger.LogDebug(e, "The event loop's work could not be described.");
            return null;
        }
    }
}
