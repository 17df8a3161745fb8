using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>A thread that makes, runs and ends a runtime's loop, for applications that have no thread to give.</summary>
[SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Handed to whoever waits for the start or the end.")]
internal sealed class LoopThread
{
    private readonly TaskCompletionSource<LoopRunner> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The loop, once it takes requests.</summary>
    public Task<LoopRunner> Started => _started.Task;

    /// <summary>Done when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    /// <param name="name">The thread's name.</param>
    /// <param name="prepare">Starts Python, if nothing has.</param>
    /// <param name="start">Makes the loop, or takes over one that was made before. With the GIL held.</param>
    /// <param name="end">Ends it, after it was stopped. With the GIL held.</param>
    public void Start(string name, Action prepare, Func<LoopRunner> start, Action<LoopRunner> end)
    {
        var thread = new Thread(() => Serve(prepare, start, end), InterpreterThread.StackSize) { IsBackground = true, Name = name };

        // The thread lives longer than the caller: what the caller's flow carries is not its business.
        thread.UnsafeStart();
    }

    private void Serve(Action prepare, Func<LoopRunner> start, Action<LoopRunner> end)
    {
        try
        {
            prepare();
            using AttachScope scope = PythonThread.Attach();
            LoopRunner runner = start();
            LoopStop run = runner.Announce();
            _started.SetResult(runner);
            try
            {
                runner.Run(run, reenterWhenStopped: true);
            }
            finally
            {
                end(runner);
            }
        }
        catch (Exception e)
        {
            if (!_started.TrySetException(e))
            {
                _ended.TrySetException(e);
            }
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
