namespace PyAsync.Benchmarks;

/// <summary>A promised bound of a figure: the maximum of a ratio or a count.</summary>
/// <param name="Text">Its text in the report.</param>
/// <param name="Limit">The maximum.</param>
/// <param name="EagerLimit">The maximum if Python has eager tasks (3.12 and newer), if it differs.</param>
internal sealed record Bound(string Text, double Limit, double? EagerLimit = null)
{
    /// <summary>Gets the limit for the running Python.</summary>
    public double LimitHere => AsyncioObjects.HasEagerStart ? EagerLimit ?? Limit : Limit;
}

/// <summary>
/// All promised bounds. For a coroutine that ends at once the limit over tasks that Python code makes is 1.25 where the bridge's task is an eager one (3.12 and
/// newer); the other limits are 1.2 times the figure that was measured with the bridge's task. Because a wake-up overtakes nothing that the loop has queued, each burst may take its place by one
/// <c>call_soon</c>; the limits of awaits with a wake-up are 1.2 times the largest figure that was measured with that, on asyncio and uvloop.
/// </summary>
internal static class Bounds
{
    public static readonly Bound BurstOverThreadsafe = new("10,000 × `return 1` at once, over run_coroutine_threadsafe", 0.21, EagerLimit: 0.09);
    public static readonly Bound BurstOverThreadsafeAtLeast = new("10,000 × `return 1` at once, over run_coroutine_threadsafe: what no release may lose", 0.35);
    public static readonly Bound BurstOverGather = new("10,000 × `return 1` at once, over a gather within Python", 1.45, EagerLimit: 0.42);
    public static readonly Bound BurstOverTasks = new("10,000 × `return 1` at once, over a gather of as many tasks within Python", 1.4, EagerLimit: 1.25);
    public static readonly Bound TurnOverGather = new("10,000 × `sleep(0)` at once, over a gather within Python", 1.7);
    public static readonly Bound OneByOneOverThreadsafe = new("one after another from another thread, over run_coroutine_threadsafe", 0.62, EagerLimit: 0.6);
    public static readonly Bound OneByOneOverFloor = new("one after another from another thread, over the ping-pong of two threads", 3);
    public static readonly Bound OnLoopOverTask = new("one after another on the loop's own thread, over one task after another within Python", 2.9, EagerLimit: 1.25);
    public static readonly Bound CompletedOverDone = new("call and await a completed C# Task, over making and awaiting a done asyncio.Future", 1);

    /// <summary>The bound of the await alone, without making the awaitable: 50 ns, of which a tenth is the measurement's own noise.</summary>
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

    /// <summary>
    /// The bounds of streams, whose items cross in chunks. With eager tasks an <c>IntoFuture</c> on the loop's own thread costs little more than calling
    /// <c>__anext__</c>, which each item of an IAsyncEnumerable does cost.
    /// </summary>
    public static readonly Bound StreamOfPythonOverAwaits = new("an async generator of ints read by .NET, per item, over one `IntoFuture` per item", 1.0 / 5);
    public static readonly Bound StreamOfDotNetOverAwaits = new("an IAsyncEnumerable of ints read by Python, per item, over one `IntoFuture` per item", 1.0 / 5);

    /// <summary>Compared with lock step, in which each item crosses alone.</summary>
    public static readonly Bound DelayOfItems = new("delay of items at intervals with a large buffer, over that with the buffer 1", 2);

    /// <summary>The bounds of buffers, which cost the same at any size: nothing is copied.</summary>
    public static readonly Bound LargeBufferOfPython = new("100 MB of Python used by .NET, over 1 kB", 2);
    public static readonly Bound LargeBufferAwaited = new("100 MB of Python as the result of an await, over 1 kB", 2);
    public static readonly Bound LargeMemoryOfDotNet = new("100 MB of .NET used by Python, over 1 kB", 2);

    /// <summary>The bounds of interfaces of modules, over <c>CallAsync</c> with the same function, arguments and converter.</summary>
    public static readonly Bound TypedOverHandWritten = new("a typed call, over the same call written by hand", 1.05);
    public static readonly Bound TypedAllocation = new(".NET bytes of a typed call beyond those of the same call written by hand", 0);

    /// <summary>The bounds of records, of which each field costs one look-up beside its conversion.</summary>
    public static readonly Bound RecordFromPython = new("a record of five fields from Python, over five single conversions", 2);
    public static readonly Bound RecordToPython = new("a record of five fields to Python, over five single conversions", 2);

    public static readonly Bound FirstAwait = new("the first await after the start, ms", 100);
}
