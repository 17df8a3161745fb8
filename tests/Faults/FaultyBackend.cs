
namespace PyAsync.Tests;

/// <summary>A fault of a backend's thread.</summary>
public enum BackendFault
{
    /// <summary>Each item waits a little before it runs.</summary>
    Slow,

    /// <summary>The thread ends after some items, and scheduling on it throws from then on.</summary>
    Dies,

    /// <summary>The thread ends after some items, and what is scheduled from then on is lost.</summary>
    Loses,
}

/// <summary>A backend with one thread, on which something goes wrong.</summary>
internal sealed class FaultyBackend(BackendFault fault, int after) : RuntimeBackend
{
    private readonly FaultyLane _lane = new(fault, after);

    public override string Name => "Faulty";

    /// <summary>Gets a value that indicates whether an item could not be scheduled, or was lost.</summary>
    public bool HasFailed => _lane.HasFailed;

    public static RuntimeBackend Create(string name) => name switch
    {
        "ThreadPool" => new ThreadPoolBackend(),
        "DedicatedThread" => new DedicatedThreadBackend(),
        "LoopThread" => new LoopThreadBackend(),
        _ => throw new ArgumentException(name),
    };

    public override WorkLane OpenLane(EventLoop loop) => _lane;

    public override ValueTask DisposeAsync()
    {
        _lane.End();
        return base.DisposeAsync();
    }

    private sealed class FaultyLane : WorkLane
    {
        private readonly System.Collections.Concurrent.BlockingCollection<(Action<object?> Work, object? State)> _items = [];
        private readonly Thread _thread;
        private readonly BackendFault _fault;
        private int _left;

        public FaultyLane(BackendFault fault, int after)
        {
            (_fault, _left) = (fault, after);
            _thread = new Thread(Run) { IsBackground = true, Name = "faulty backend" };
            _thread.Start();
        }

        public bool HasFailed => _fault != BackendFault.Slow && Volatile.Read(ref _left) < 0;

        public override bool IsCurrentThread => Thread.CurrentThread == _thread;

        public override void Schedule(Action<object?> work, object? state)
        {
            if (_fault == BackendFault.Slow)
            {
                _items.Add((work, state));
            }
            else if (Interlocked.Decrement(ref _left) >= 0)
            {
                _items.Add((work, state));
            }
            else if (_fault == BackendFault.Dies)
            {
                throw new InvalidOperationException("the backend's thread has died");
            }
        }

        public void End() => _items.CompleteAdding();

        private void Run()
        {
            foreach ((Action<object?> work, object? state) in _items.GetConsumingEnumerable())
            {
                if (_fault == BackendFault.Slow)
                {
                    Thread.Sleep(2);
                }

                work(state);
            }
        }
    }
}
