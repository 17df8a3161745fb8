using System.Threading.Channels;

namespace PyAsync.Backends;

/// <summary>A thread that does what is written into its channel.</summary>
internal sealed class ThreadLane : WorkLane
{
    private readonly Channel<(Action<object?> Work, object? State)> _queue = Channel.CreateUnbounded<(Action<object?>, object?)>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    public ThreadLane(string name)
    {
        _thread = new Thread(Serve) { IsBackground = true, Name = name };

        // What the creator's flow carries is not the lane's business: work brings its own.
        _thread.UnsafeStart();
    }

    public override bool IsCurrentThread => Thread.CurrentThread == _thread;

    public override void Schedule(Action<object?> work, object? state) =>
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite((work, state)), typeof(DedicatedThreadBackend));

    /// <summary>Does what is queued, then ends the thread. From the lane's own thread it does not wait.</summary>
    public Task EndAsync()
    {
        _queue.Writer.TryComplete();
        return IsCurrentThread ? Task.CompletedTask : _ended.Task;
    }

    private void Serve()
    {
        ChannelReader<(Action<object?> Work, object? State)> reader = _queue.Reader;
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out (Action<object?> Work, object? State) item))
            {
                item.Work(item.State);
            }
        }

        _ended.TrySetResult();
    }
}
