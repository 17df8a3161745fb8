using PyAsync.Backends;
using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;

namespace PyAsync.Tests;

public sealed class EventLoopFixture : RuntimeFixture
{
    public override RuntimeBackend CreateBackend() => new EventLoopBackend();

    public override EventLoopFactory CreateEventLoop() => TestLoops.Create();
}

public sealed class Compliance : ComplianceTests<EventLoopFixture>;

public sealed class Baseline(EventLoopFixture fixture) : BaselineTests<EventLoopFixture>(fixture);

public sealed class Cancellation(EventLoopFixture fixture) : CancellationTests<EventLoopFixture>(fixture)
{
    /// <summary>The loop's thread is where this backend runs work: the token fires there, but as a callback of its own, not within cancel().</summary>
    [ConformanceFact]
    public override async Task The_token_of_work_fires_off_the_loop_thread()
    {
        using PyObject module = Python("""
            async def run(f, note):
                future = f()
                await asyncio.sleep(0.005)
                future.cancel()
                note()
                try:
                    await future
                except asyncio.CancelledError:
                    pass
            """);
        int loopThread = await Runtime.InvokeAsync(() => Environment.CurrentManagedThreadId);
        List<string> order = [];
        PyObject wait = Function(async ct =>
        {
            await using CancellationTokenRegistration _ = ct.Register(() => order.Add($"fired on {Environment.CurrentManagedThreadId}"));
            await Task.Delay(Soon, ct);
        });
        PyObject note = Own(PyFunction.Create("note", () => order.Add("cancel() has returned")));

        await Runtime.Call(module.GetAttr("run"), [wait, note]);

        order.ShouldBe(["cancel() has returned", $"fired on {loopThread}"]);
    }
}

public sealed class Errors(EventLoopFixture fixture) : ErrorTests<EventLoopFixture>(fixture);

public sealed class Loops(EventLoopFixture fixture) : LoopTests<EventLoopFixture>(fixture);

public sealed class Context(EventLoopFixture fixture) : ContextTests<EventLoopFixture>(fixture);

public sealed class InlineFunctions(EventLoopFixture fixture) : InlineFunctionTests<EventLoopFixture>(fixture);

public sealed class Interrupts(EventLoopFixture fixture) : InterruptTests<EventLoopFixture>(fixture);

public sealed class Blocking(EventLoopFixture fixture) : BlockingTests<EventLoopFixture>(fixture);

public sealed class Streams(EventLoopFixture fixture) : StreamTests<EventLoopFixture>(fixture);

public sealed class Ordering(EventLoopFixture fixture) : OrderingTests<EventLoopFixture>(fixture)
{
    /// <summary>The loop's thread is the backend.</summary>
    [ConformanceFact]
    public override async Task Functions_that_Python_calls_run_their_work_on_the_backend()
    {
        using PyObject module = Python("""
            async def run(f):
                return await f()
            """);
        int loopThread = await Runtime.InvokeAsync(() => Environment.CurrentManagedThreadId);
        PyObject where = Function(ct => Task.FromResult(Environment.CurrentManagedThreadId));

        (await Runtime.Call<int>(module.GetAttr("run"), [where])).ShouldBe(loopThread);
    }
}

public sealed class Lifetime(EventLoopFixture fixture) : LifetimeTests<EventLoopFixture>(fixture);

public sealed class RealLibraries(EventLoopFixture fixture) : RealLibraryTests<EventLoopFixture>(fixture);

public sealed class Tasks(EventLoopFixture fixture) : TaskTests<EventLoopFixture>(fixture);
