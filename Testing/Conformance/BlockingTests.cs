using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>C# code that waits, on a loop's own thread, for other threads.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class BlockingTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task Blocking_the_loop_thread_is_refused_rather_than_deadlocking()
    {
        await using IRuntime runtime = Fixture.CreateRuntime(options => options.BlockingWaitTimeout = TimeSpan.FromMilliseconds(100));
        await runtime.StartAsync();
        using PyObject module = Python("""
            async def nothing():
                await asyncio.sleep(0)

            async def call(f):
                try:
                    f()
                except RuntimeError as e:
                    return str(e)
            """);
        PyObject nothing = Own(module.GetAttr("nothing"));
        PyObject block = Own(PyFunction.Create("block", () => runtime.CallAsync(nothing).Wait()));

        LoopBlockedException e = await ThrowsAsync<LoopBlockedException>(runtime.InvokeAsync(() => runtime.CallAsync(nothing).Wait()).WaitAsync(Soon));
        e.Message.ShouldContain("Await instead of blocking");
        (await runtime.CallAsync<string>(module.GetAttr("call"), [block]).WaitAsync(Soon)).ShouldContain("Await instead of blocking");
        (await runtime.InvokeAsync(() => 1).WaitAsync(Soon)).ShouldBe(1, "the loop continues");
        ExpectedReports.Add("the wait is refused");
    }

    [ConformanceFact]
    public virtual async Task Short_waits_on_the_loop_thread_are_let_be()
    {
        await using IRuntime runtime = Fixture.CreateRuntime(options => options.BlockingWaitTimeout = Soon);
        await runtime.StartAsync();
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        Task inFlight = runtime.CallAsync(sleep, [0.05]);
        var contended = new object();
        using var held = new ManualResetEventSlim();
        Task holder = Task.Run(() =>
        {
            lock (contended)
            {
                held.Set();
                Thread.Sleep(20);
            }
        });
        held.Wait(Soon).ShouldBeTrue();

        (await runtime.InvokeAsync(() =>
        {
            lock (contended)
            {
                return 1;
            }
        })).ShouldBe(1);

        await holder;
        await inFlight;
    }

    [ConformanceFact]
    public virtual async Task A_wait_with_nothing_in_flight_may_take_its_time()
    {
        await using IRuntime runtime = Fixture.CreateRuntime(options => options.BlockingWaitTimeout = TimeSpan.FromMilliseconds(20));
        await runtime.StartAsync();
        using var never = new ManualResetEventSlim();

        (await runtime.InvokeAsync(() => never.Wait(150))).ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task A_wait_may_take_its_time_while_other_threads_drop_objects()
    {
        await using IRuntime runtime = Fixture.CreateRuntime(options => options.BlockingWaitTimeout = TimeSpan.FromMilliseconds(20));
        await runtime.StartAsync();
        using var never = new ManualResetEventSlim();

        // So many that the loop is woken to release them.
        (await runtime.InvokeAsync(() =>
        {
            Task.Run(() =>
            {
                foreach (PyObject o in Enumerable.Range(0, 5_000).Select(i => PyObject.From(i)).ToArray())
                {
                    o.Dispose();
                }
            }).Wait();
            return never.Wait(150);
        })).ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task A_wait_on_the_loop_thread_gives_up_the_GIL()
    {
        using PyObject number = PyObject.From(5);

        // The other thread needs the GIL for the work that the loop's thread waits for.
        (await Runtime.InvokeAsync(() => Task.Run(() => number.As<int>()).Result).WaitAsync(Soon)).ShouldBe(5);
    }

    /// <summary>
    /// Three threads want one lock: the loop's thread, another one that holds the GIL, and one that does not need it. A thread that gets the lock's
    /// signal must not wait for the GIL first, because the thread that holds the GIL keeps it until it gets the lock.
    /// </summary>
    [ConformanceFact]
    public virtual async Task A_lock_goes_from_hand_to_hand_among_threads_with_the_GIL_and_without()
    {
        var contended = new object();
        using var stop = new CancellationTokenSource();
        var withoutGil = Task.Factory.StartNew(() => Hold(stop.Token), TaskCreationOptions.LongRunning);
        var withGil = Task.Factory.StartNew(() => HoldAttached(stop.Token), TaskCreationOptions.LongRunning);

        for (int i = 0; i < 10; i++)
        {
            await Runtime.InvokeAsync(() =>
            {
                lock (contended)
                {
                    return i;
                }
            }).WaitAsync(Soon);
        }

        await stop.CancelAsync();
        await Task.WhenAll(withoutGil, withGil).WaitAsync(Soon);

        void Hold(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                lock (contended)
                {
                    Thread.Sleep(2); // The others are waiting when the lock is released.
                }

                Thread.SpinWait(100);
            }
        }

        void HoldAttached(CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                using AttachScope scope = PythonThread.Attach();
                lock (contended)
                {
                    Thread.SpinWait(100);
                }
            }
        }
    }
}
