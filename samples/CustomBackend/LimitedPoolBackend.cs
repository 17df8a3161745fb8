using System.Collections.Concurrent;

namespace CustomBackend;

/// <summary>
/// A custom backend: the .NET thread pool, but only a limited number of its threads at a time, so that a burst of Python calls leaves threads for the
/// rest of the application.
/// </summary>
public sealed class LimitedPoolBackend(int concurrency = 2) : RuntimeBackend
{
    private readonly LimitedLane _lane = new(concurrency);

    /// <inheritdoc/>
    public override string Name => "LimitedPool";

    /// <inheritdoc/>
    public override WorkLane OpenLane(EventLoop loop) => _lane;

    private sealed class LimitedLane(int concurrency) : WorkLane
    {
        [ThreadStatic]
        private static LimitedLane? t_current;

        private readonly ConcurrentQueue<(Action<object?> Work, object? State)> _queue = new();
        private int _running;

        public override bool IsCurrentThread => t_current == this;

        // Code returns to the lane after each await, but to any of its threads.
        public override LaneAffinity Affinity => LaneAffinity.Lane;

        public override void Schedule(Action<object?> work, object? state)
        {
            _queue.Enqueue((work, state));
            StartWorker();
        }

        private void StartWorker()
        {
            int running = Volatile.Read(ref _running);
            while (running < concurrency)
            {
                int seen = Interlocked.CompareExchange(ref _running, running + 1, running);
                if (seen == running)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(static lane => lane.Work(), this, preferLocal: false);
                    return;
                }

                running = seen;
            }
        }

        private void Work()
        {
            t_current = this;
            try
            {
                while (_queue.TryDequeue(out (Action<object?> Work, object? State) item))
                {
                    item.Work(item.State);
                }
            }
            finally
            {
                t_current = null;
                Interlocked.Decrement(ref _running);
            }

            // An item may have been added after the last check and before the worker was subtracted.
            if (!_queue.IsEmpty)
            {
                StartWorker();
            }
        }
    }
}
