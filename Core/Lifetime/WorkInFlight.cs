using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>Describes the work of a runtime that is in flight, also while something blocks the loop's thread.</summary>
internal sealed class WorkInFlight(RuntimeParts parts, LoopHost host)
{
    private static readonly TimeSpan s_descriptionTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Describes the work in flight, from a thread that does not run the loop. The loop's thread may be blocked, with or without the GIL.</summary>
    public LateWork Describe(bool isBlocked = false)
    {
        LateWork? python = null;
        if (host.Runner is { Loop: { IsClosed: false } loop } runner)
        {
            using var answered = new ManualResetEventSlim();
            loop.TryPost(answered.Set);
            var thread = new Thread(() => Volatile.Write(ref python, DescribePython(runner, loop))) { IsBackground = true, Name = "PyAsync description" };
            thread.UnsafeStart();
            using DetachScope detached = PythonThread.Detach();
            isBlocked |= !StepwiseWait.Until(time => thread.Join(time) && (isBlocked || answered.Wait(time) || loop.IsClosed), s_descriptionTimeout);
            python ??= new LateWork()
                .Add("Python awaitable that C# awaits", "Python awaitables that C# awaits", loop.Statistics.Awaits)
                .Add("piece of C# work that Python awaits", "pieces of C# work that Python awaits", loop.Statistics.Work);
        }

        LateWork late = LateWork.Of(parts.Title, isBlocked);
        if (python is not null)
        {
            late.Add(python);
        }

        return late.Add("piece of C# work", "pieces of C# work", parts.Tracker.Names);
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
            parts.Logger.LogDebug(e, "The event loop's work could not be described.");
            return null;
        }
    }
}
