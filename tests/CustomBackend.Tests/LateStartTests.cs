using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>Creates a backend that can delay the start of work.</summary>
public sealed class LateStartFixture : RuntimeFixture
{
    /// <summary>Gets or sets the code to call once, when work starts; that work is then scheduled, but does not begin.</summary>
    internal Action? Starting { get; set; }

    /// <summary>Gets or sets the code that begins the work.</summary>
    internal Action? Begin { get; set; }

    public override RuntimeBackend CreateBackend() => new Backend(this);

    private sealed class Backend(LateStartFixture fixture) : RuntimeBackend
    {
        public override string Name => "LateStart";

        public override WorkLane OpenLane(EventLoop loop)
        {
            if (fixture.Starting is not { } starting)
            {
                return new Lane(null);
            }

            fixture.Starting = null;
            starting();
            return new Lane(fixture);
        }
    }

    private sealed class Lane(LateStartFixture? fixture) : WorkLane
    {
        public override bool IsCurrentThread => false;

        public override LaneAffinity Affinity => LaneAffinity.Pool;

        public override void Schedule(Action<object?> work, object? state)
        {
            if (fixture is null)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static item => item.work(item.state), (work, state), preferLocal: false);
            }
            else
            {
                fixture.Begin = () => work(state);
            }
        }
    }
}

/// <summary>Work that starts when its runtime has begun to end.</summary>
public sealed class LateStartTests(LateStartFixture fixture) : ConformanceTests<LateStartFixture>(fixture)
{
    /// <summary>The end waits for no work by then: a report that names the work would say that the time was up, although it was not. The suite fails after a warning.</summary>
    [ConformanceFact]
    public async Task Work_that_starts_while_its_runtime_ends_is_not_reported_as_late()
    {
        using PyObject module = Python("""
            async def clean_up(begin, has_started):
                try:
                    await asyncio.sleep(60)
                finally:
                    begin()
                    while not has_started():
                        await asyncio.sleep(0.001)
            """);
        IRuntime runtime = Fixture.CreateRuntime(options => options.ShutdownTimeout = Soon);
        await runtime.StartAsync();
        bool hasStarted = false;
        using var cleansUp = new ManualResetEventSlim();
        using PyObject begin = PyFunction.Create("begin", cleansUp.Set);
        using PyObject hasStartedFunction = PyFunction.Create("has_started", _ => PyObject.From(Volatile.Read(ref hasStarted), PyConvert.Boolean));
        Task cleaning = runtime.CallAsync(module.GetAttr("clean_up"), [begin, hasStartedFunction]);
        await runtime.InvokeAsync(() => true);
        await runtime.InvokeAsync(() => true);
        Task end = Task.CompletedTask;
        Fixture.Starting = () =>
        {
            end = runtime.DisposeAsync().AsTask();
            cleansUp.Wait(Soon).ShouldBeTrue();
        };

        Task late = runtime.Spawn(_ => Task.CompletedTask);
        Volatile.Write(ref hasStarted, true);
        await end.WaitAsync(Soon);

        Fixture.Begin.ShouldNotBeNull();
        Fixture.Begin();
        await ThrowsAsync<OperationCanceledException>(late.WaitAsync(Soon));
        await ThrowsAsync<OperationCanceledException>(cleaning.WaitAsync(Soon));
    }
}
