using System.Diagnostics;
using System.Threading.Channels;

namespace PyAsync.Benchmarks;

/// <summary>Compares the inbox with the Channel that it replaces: two threads post, one takes.</summary>
internal static class InboxSuite
{
    private const int Items = 500_000;
    private const int Posters = 2;

    public static Task Run(BenchRun run) =>
        run.Contest("An inbox of 2 posting threads and 1 taking thread", rounds: 7)
            .Add("Inbox", () => Measure(new InboxQueue()))
            .Add("Channel, unbounded, single reader", () => Measure(new ChannelQueue()))
            .Run();

    private static async Task<double> Measure(IQueue queue)
    {
        Item[][] items = [.. Enumerable.Range(0, Posters).Select(_ => Enumerable.Range(0, Items / Posters).Select(_ => new Item()).ToArray())];
        long start = Stopwatch.GetTimestamp();
        Task[] posters = [.. items.Select(own => Task.Factory.StartNew(
            () =>
            {
                foreach (Item item in own)
                {
                    queue.Post(item);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        int taken = 0;
        var wait = default(SpinWait);
        while (taken < Items)
        {
            int drained = queue.Drain();
            taken += drained;
            if (drained == 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }

        await Task.WhenAll(posters);
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / Items;
    }

    private interface IQueue
    {
        void Post(Item item);

        int Drain();
    }

    private sealed class InboxQueue : IQueue
    {
        private readonly Inbox _inbox = new();

        public void Post(Item item) => _inbox.Post(item);

        public int Drain()
        {
            int count = 0;
            while (_inbox.TryTake(out _))
            {
                count++;
            }

            _inbox.TryEndDrain();
            return count;
        }
    }

    private sealed class ChannelQueue : IQueue
    {
        private readonly Channel<Item> _channel = Channel.CreateUnbounded<Item>(new UnboundedChannelOptions { SingleReader = true });

        public void Post(Item item) => _channel.Writer.TryWrite(item);

        public int Drain()
        {
            int count = 0;
            while (_channel.Reader.TryRead(out _))
            {
                count++;
            }

            return count;
        }
    }

    private sealed class Item : IInboxItem
    {
        public IInboxItem? Next { get; set; }

        public bool Run(PythonEventLoop loop) => true;

        public void Abandon(Exception reason)
        {
        }
    }
}
