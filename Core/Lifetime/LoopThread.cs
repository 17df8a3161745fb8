using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>A thread that creates, runs and ends a runtime's loop, for applications that provide no thread.</summary>
[SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Passed to the code that awaits the start or the end.")]
internal sealed class LoopThread
{
    private readonly TaskCompletionSource<LoopRunner> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a Task with the loop, which completes when the loop accepts requests.</summary>
    public Task<LoopRunner> Started => _started.Task;

    /// <summary>Gets a Task that completes when the thread has ended.</summary>
    public Task Ended => _ended.Task;

    /// <param name="name">The thread's name.</param>
    /// <param name="prepare">Starts Python, if it is not running.</param>
    /// <param name="start">Creates the loop, or takes over one that was created before. With the GIL held.</param>
    /// <param name="end">Ends the loop, after it was stopped. With the GIL held.</param>
    public void Start(string name, Action prepare, Func<LoopRunner> start, Action<LoopRunner> end)
    {
        var thread = new Thread(() => Serve(prepare, start, end), InterpreterThread.StackSize) { IsBackground = true, Name = name };

        // The thread outlives the caller, so it must not carry the caller's ExecutionContext.
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
