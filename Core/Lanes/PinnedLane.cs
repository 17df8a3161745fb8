using System.Threading.Channels;

namespace PyAsync.Lanes;

/// <summary>A lane of one thread for one piece of pinned work, on backends whose own lanes are not single threads. It ends with the work.</summary>
internal sealed class PinnedLane : WorkLane
{
    private readonly Channel<(Action<object?> Work, object? State)> _queue = Channel.CreateUnbounded<(Action<object?>, object?)>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly Thread _thread;

    public PinnedLane(string name)
    {
        _thread = new Thread(Serve) { IsBackground = true, Name = name };

        // The thread must not carry the creator's ExecutionContext: each work item restores its own.
        _thread.UnsafeStart();
    }

    public override bool IsCurrentThread => Thread.CurrentThread == _thread;

    public override void Schedule(Action<object?> work, object? state)
    {
        if (!_queue.Writer.TryWrite((work, state)))
        {
            // The work has ended, and its thread with it: continuations that it left behind run on the thread pool.
            ThreadPool.UnsafeQueueUserWorkItem(static item => item.Work(item.State), (Work: work, State: state), preferLocal: false);
        }
    }

    /// <summary>Ends the thread when its queue is empty. Called when the work has ended.</summary>
    public void End() => _queue.Writer.TryComplete();

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
    }
}
