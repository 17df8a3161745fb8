namespace PyAsync.Benchmarks;

/// <summary>What has been promised of a figure: how large a ratio (or a count) may be at most.</summary>
/// <param name="Text">What it says, as the report has it.</param>
/// <param name="Limit">At most.</param>
/// <param name="UvloopLimit">At most over uvloop, where that is another number: uvloop's own side of the ratio is cheaper.</param>
internal sealed record Bound(string Text, double Limit, double? UvloopLimit = null)
{
    public double LimitOn(string loop) => loop == "uvloop" ? UvloopLimit ?? Limit : Limit;
}

/// <summary>All that is promised.</summary>
internal static class Bounds
{
    public static readonly Bound BurstOverThreadsafe = new("10,000 × `return 1` at once, over run_coroutine_threadsafe", 1.0 / 30);
    public static readonly Bound BurstOverThreadsafeAtLeast = new("10,000 × `return 1` at once, over run_coroutine_threadsafe: what no release may lose", 0.35);
    public static readonly Bound BurstOverGather = new("10,000 × `return 1` at once, over a gather within Python", 1.0 / 4);
    public static readonly Bound TurnOverGather = new("10,000 × `sleep(0)` at once, over a gather within Python", 1.2);
    public static readonly Bound OneByOneOverThreadsafe = new("one after another from another thread, over run_coroutine_threadsafe", 1.0 / 3);
    public static readonly Bound OneByOneOverFloor = new("one after another from another thread, over the ping-pong of two threads", 2);
    public static readonly Bound OnLoopOverAwait = new("one after another on the loop's own thread, over an await within Python", 4, UvloopLimit: 6);
    public static readonly Bound CompletedOverDone = new("call and await a completed C# Task, over making and awaiting a done asyncio.Future", 1);

    /// <summary>The await alone, without what is awaited: 50 ns, of which a tenth is the measurement's own noise.</summary>
    public static readonly Bound AwaitCompletedOverDone = new("await the awaitable of a completed C# Task again, over a done asyncio.Future again", 1.1);
    public static readonly Bound PoolOverExecutor = new("gather 1,000 C# calls that go to the backend, over run_in_executor", 1.0 / 10);
    public static readonly Bound Growth = new("growth per item from 1,000 to 100,000 at once, over that of a gather within Python", 1.5);
    public static readonly Bound Pending = new("one after another with 10,000 others pending, over none pending (minimum of interleaved rounds)", 1.25);
    public static readonly Bound ParkedBytes = new("bytes per parked coroutine, live, over `loop.create_task`", 400);
    public static readonly Bound PendingAllocation = new(".NET bytes per await of a coroutine that suspends, one after another", 160);
    public static readonly Bound PendingAllocationAtOnce = new(".NET bytes per await of a coroutine that suspends, 20,000 at once", 160);
    public static readonly Bound PendingWithTokenAllocation = new(".NET bytes per await of a coroutine that suspends, with a token, one after another", 240);
    public static readonly Bound PendingWithTokenAllocationAtOnce = new(".NET bytes per await of a coroutine that suspends, with a token, 20,000 at once", 240);
    public static readonly Bound CompletedAllocation = new(".NET bytes per await of a coroutine that ends at once, one after another", 72);
    public static readonly Bound CompletedObjectAllocation = new(".NET bytes per await of a coroutine that ends at once with a PyObject, one after another", 104);
    public static readonly Bound GilOnDotNetThreads = new("GIL acquisitions on .NET threads for 100,000 awaits", 0);
    public static readonly Bound WakeUpsOfBurst = new("wake-ups per await, 100,000 at once", 0.01);
    public static readonly Bound FirstAwait = new("the first await after the start, ms", 100);
}
