using System.Threading.Channels;

namespace PyAsync;

/// <summary>A lane with one thread, which runs the work in its channel.</summary>
internal sealed class ThreadLane : WorkLane
{
    private readonly Channel<(Action<object?> Work, object? State)> _queue = Channel.CreateUnbounded<(Action<object?>, object?)>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private readonly LaneSpinning _spinning = new();

    public ThreadLane(string name)
    {
        _thread = new Thread(Serve) { IsBackground = true, Name = name };

        // The thread must not carry the creator's ExecutionContext: each work item restores its own.
        _thread.UnsafeStart();
    }

    public override bool IsCurrentThread => Thread.CurrentThread == _thread;

    public override void Schedule(Action<object?> work, object? state) =>
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite((work, state)), typeof(DedicatedThreadBackend));

    /// <summary>Runs the queued work, then ends the thread. Does not wait on the lane's own thread.</summary>
    public Task EndAsync()
    {
        _queue.Writer.TryComplete();
        return IsCurrentThread ? Task.CompletedTask : _ended.Task;
    }

    private void Serve()
    {
        ChannelReader<(Action<object?> Work, object? State)> reader = _queue.Reader;
        while (_spinning.Wait(reader) || reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out (Action<object?> Work, object? State) item))
            {
                item.Work(item.State);
            }
        }

        _ended.TrySetResult();
    }
}
