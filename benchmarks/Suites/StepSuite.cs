using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>
/// Measures each step of an await: each row does one step more than the row before. docs/where-the-time-goes.md explains them.
/// </summary>
internal static class StepSuite
{
    private const int Count = 10_000;

    public static async Task Run(BenchRun run)
    {
        if (run.Quick)
        {
            return;
        }

        await OfRequests(run);
        await OfHops(run);
        await OfCalls(run);
    }

    /// <summary>Measures .NET awaiting Python: the poster's side while the loop is blocked, then the loop's side while no thread posts.</summary>
    private static async Task OfRequests(BenchRun run)
    {
        Subject subject = run.Reference;
        IRuntime runtime = subject.Runtime;
        PyObject stamp = run.Python["stamp"];
        PyObject turnAndStamp = run.Python["turn_and_stamp"];
        await run.Contest("Steps of .NET awaiting Python: the posting thread, then the loop's thread, of 10,000 at once", unit: "µs per item")
            .Add("post a call", () => Held(subject, () => runtime.CallAsync(run.Python["one"], default, PyConvert.Int32), stamp, posting: true))
            .Add("loop: take a request that does nothing", () => Held(subject, () => runtime.InvokeAsync(static () => 0), stamp))
            .Add("loop: + which calls a Python function and converts its result", () => Held(subject, () => runtime.InvokeAsync(() => run.Python["nothing"].Call([], PyConvert.Int32)), stamp))
            .Add("loop: a call of a coroutine function that ends at once", () => Held(subject, () => runtime.CallAsync(run.Python["one"], default, PyConvert.Int32), stamp))
            .Add("loop: a call of a plain function", () => Held(subject, () => runtime.CallAsync(run.Python["nothing"], default, PyConvert.Int32), stamp))
            .Add("loop: a call of one that suspends for one turn", () => Held(subject, () => runtime.CallAsync(run.Python["turn"], default, PyConvert.Int32), turnAndStamp))
            .Add("loop: + .NET code continues after each (`sleep(0)`)", () => Held(subject, () => Continue(runtime.CallAsync(run.Python["turn"], default, PyConvert.Int32)), turnAndStamp))
            .Run();

        static async Task<int> Continue(Task<int> call) => await call.ConfigureAwait(false);
    }

    /// <summary>Measures one await at a time: the cost of the wake-ups.</summary>
    private static async Task OfHops(BenchRun run)
    {
        Subject subject = run.Reference;
        await using PingPong pingPong = await PingPong.Create(subject);
        await run.Contest("Steps of one await at a time", rounds: 61, hops: true)
            .Add("the loop wakes itself: eventfd, one turn of the loop, a C# callback", () => pingPong.OnLoop(400))
            .Add("+ another thread wakes the loop and is woken (the ping-pong)", () => pingPong.OneByOne(400))
            .Add("+ the whole await of Python", () => subject.OneByOne(run.Python["one"], 400))
            .Run();
    }

    /// <summary>Measures Python awaiting .NET.</summary>
    private static async Task OfCalls(BenchRun run)
    {
        const int Calls = 50_000;
        Subject subject = run.Reference;
        PyObject nothing = PyFunction.Create("nothing", static () => { });
        PyObject completed = subject.Completed();
        PyObject work = subject.OnBackend();
        PyObject callOneByOne = run.Python["call_one_by_one"];
        await run.Contest("Steps of Python awaiting .NET")
            .Add("call a Python function that does nothing", () => subject.OnLoop(callOneByOne, [run.Python["nothing"], Calls], Calls))
            .Add("call a C# function that does nothing", () => subject.OnLoop(callOneByOne, [nothing, Calls], Calls))
            .Add("+ it returns the awaitable of a completed Task", () => subject.OnLoop(callOneByOne, [completed, Calls], Calls))
            .Add("+ the awaitable is awaited", () => subject.OnLoop(run.Python["await_one_by_one"], [completed, Calls], Calls))
            .Add("call a C# function that starts work on the backend", () => subject.OnLoop(run.Python["call_and_keep"], [work, Count], Count))
            .Add("+ gather of 10,000 such", () => subject.OnLoop(run.Python["gather_in_batches"], [work, Count, Count], Count))
            .Run();
    }

    /// <summary>Posts while the loop's thread is blocked, then unblocks it.</summary>
    /// <param name="subject">The subject whose loop is blocked.</param>
    /// <param name="post">Posts one request.</param>
    /// <param name="stamp">A Python function that returns the time once all earlier requests are done.</param>
    /// <param name="posting">True to return the time of posting, rather than the time from unblocking until all is done.</param>
    private static async Task<double> Held(Subject subject, Func<Task> post, PyObject stamp, bool posting = false)
    {
        using var held = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task holding = subject.Runtime.InvokeAsync(() =>
        {
            using DetachScope scope = PythonThread.Detach();
            held.Set();
            release.Wait();
            return true;
        });
        held.Wait();
        var requests = new Task[Count];
        Task<long> begin = subject.Runtime.InvokeAsync(Stopwatch.GetTimestamp);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Count; i++)
        {
            requests[i] = post();
        }

        TimeSpan posted = Stopwatch.GetElapsedTime(start);
        Task<long> end = subject.Runtime.CallAsync(stamp, default, PyConvert.Int64);
        release.Set();
        await Task.WhenAll(holding, begin, end);
        await Task.WhenAll(requests);

        // Stopwatch and Python's perf_counter_ns read the same clock, CLOCK_MONOTONIC, in nanoseconds.
        return posting ? posted.TotalMicroseconds / Count : (await end - await begin) / 1_000.0 / Count;
    }
}
