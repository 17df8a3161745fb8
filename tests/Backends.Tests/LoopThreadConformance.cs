using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;

namespace PyAsync.Tests.OnLoopThread;

public sealed class LoopThreadFixture : RuntimeFixture
{
    public override RuntimeBackend CreateBackend() => new LoopThreadBackend();

    public override EventLoopFactory CreateEventLoop() => TestLoops.Create();
}

public sealed class Compliance : ComplianceTests<LoopThreadFixture>;

public sealed class Baseline(LoopThreadFixture fixture) : BaselineTests<LoopThreadFixture>(fixture);

public sealed class Cancellation(LoopThreadFixture fixture) : CancellationTests<LoopThreadFixture>(fixture)
{
    /// <summary>This backend runs work on the loop's thread: the token fires there, but as a separate callback, not within cancel().</summary>
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
        PyObject wait = Function(async cancellationToken =>
        {
            await using CancellationTokenRegistration _ = cancellationToken.Register(() => order.Add($"fired on {Environment.CurrentManagedThreadId}"));
            await Task.Delay(Soon, cancellationToken);
        });
        PyObject note = Own(PyFunction.Create("note", () => order.Add("cancel() has returned")));

        await Runtime.CallAsync(module.GetAttr("run"), [wait, note]);

        order.ShouldBe(["cancel() has returned", $"fired on {loopThread}"]);
    }
}

public sealed class Errors(LoopThreadFixture fixture) : ErrorTests<LoopThreadFixture>(fixture);

public sealed class Loops(LoopThreadFixture fixture) : LoopTests<LoopThreadFixture>(fixture);

public sealed class Context(LoopThreadFixture fixture) : ContextTests<LoopThreadFixture>(fixture);

public sealed class InlineFunctions(LoopThreadFixture fixture) : InlineFunctionTests<LoopThreadFixture>(fixture);

public sealed class Interrupts(LoopThreadFixture fixture) : InterruptTests<LoopThreadFixture>(fixture);

public sealed class Blocking(LoopThreadFixture fixture) : BlockingTests<LoopThreadFixture>(fixture);

public sealed class Buffers(LoopThreadFixture fixture) : BufferTests<LoopThreadFixture>(fixture);

public sealed class Values(LoopThreadFixture fixture) : ValueTests<LoopThreadFixture>(fixture);

public sealed class Scopes(LoopThreadFixture fixture) : ScopeTests<LoopThreadFixture>(fixture);

public sealed class Streams(LoopThreadFixture fixture) : StreamTests<LoopThreadFixture>(fixture);

public sealed class Flows(LoopThreadFixture fixture) : FlowTests<LoopThreadFixture>(fixture);

public sealed class Ordering(LoopThreadFixture fixture) : OrderingTests<LoopThreadFixture>(fixture)
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
        PyObject where = Function(cancellationToken => Task.FromResult(Environment.CurrentManagedThreadId));

        (await Runtime.CallAsync<int>(module.GetAttr("run"), [where])).ShouldBe(loopThread);
    }
}

public sealed class Lifetime(LoopThreadFixture fixture) : LifetimeTests<LoopThreadFixture>(fixture);

public sealed class RealLibraries(LoopThreadFixture fixture) : RealLibraryTests<LoopThreadFixture>(fixture);

public sealed class Tasks(LoopThreadFixture fixture) : TaskTests<LoopThreadFixture>(fixture);

public sealed class TypedModules(LoopThreadFixture fixture) : TypedModuleTests<LoopThreadFixture>(fixture);
