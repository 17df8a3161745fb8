using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Testing;

/// <summary>Exceptions that end a Python program rather than a coroutine: SystemExit and KeyboardInterrupt.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract class InterruptTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    [ConformanceFact]
    public virtual async Task SystemExit_in_one_coroutine_reaches_its_awaiter_and_others_continue()
    {
        using PyObject module = Python("""
            async def other():
                await asyncio.sleep(0.05)
                return "continued"

            async def leave(kind, late):
                if late:
                    await asyncio.sleep(0.001)
                raise kind(3)
            """);
        using PyObject builtins = PyObject.Import("builtins");
        foreach (string kind in new[] { "SystemExit", "KeyboardInterrupt" })
        {
            foreach (bool late in new[] { false, true })
            {
                Task<string> other = Runtime.CallAsync<string>(module.GetAttr("other"));
                PythonException e = await ThrowsAsync<PythonException>(
                    Runtime.CallAsync(module.GetAttr("leave"), [builtins.GetAttr(kind), late]).WaitAsync(Soon));
                e.IsInstanceOf(kind).ShouldBeTrue();
                e.Error.ExitCode.ShouldBe(kind == "SystemExit" ? 3 : 130);
                (await other.WaitAsync(Soon)).ShouldBe("continued");
            }
        }
    }

    [ConformanceFact]
    public virtual async Task An_interrupt_in_the_request_for_the_next_turn_is_reported_and_the_loop_continues()
    {
        // With one processor the loop does not poll for further requests, and needs no further turn here.
        Assert.SkipUnless(Environment.ProcessorCount > 1, "There is one processor.");
        using PyObject module = Python("""
            def interrupt_next():
                loop = asyncio.get_running_loop()

                def call_soon(*args, **kwargs):
                    del loop.call_soon
                    raise KeyboardInterrupt("a signal")

                loop.call_soon = call_soon

            def is_restored():
                return "call_soon" not in vars(asyncio.get_running_loop())

            async def add(x):
                await asyncio.sleep(0)
                return x + 1
            """);
        ExpectedReports.Add("KeyboardInterrupt");
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            await Runtime.InvokeAsync(() => module.CallMethod("interrupt_next")).WaitAsync(Soon);
            await EventuallyAsync(() => Runtime.InvokeAsync(() => module.CallMethod<bool>("is_restored")).WaitAsync(Soon));
            (await Runtime.CallAsync<int>(module.GetAttr("add"), [i]).WaitAsync(Soon)).ShouldBe(i + 1);
        }
    }

    [ConformanceFact]
    public virtual async Task SystemExit_in_the_main_work_ends_the_run()
    {
        using PyObject module = Python("""
            import sys

            async def leave():
                await asyncio.sleep(0.001)
                sys.exit(7)
            """);

        PythonException e = await ThrowsAsync<PythonException>(PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime();
            runtime.RunUntilComplete(cancellationToken => runtime.CallAsync(module.GetAttr("leave"), cancellationToken: cancellationToken));
        }));

        e.Error.ExitCode.ShouldBe(7);
    }

    [ConformanceFact]
    public virtual async Task SystemExit_in_a_task_that_awaits_dotnet_leaves_the_other_awaiters_alone()
    {
        using PyObject module = Python("""
            async def leave(f):
                await f()
                raise SystemExit(1)

            async def stay(f):
                await f()
                return 1
            """);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        PyObject wait = Function(cancellationToken => gate.Task);
        Task<int>[] staying = [.. Enumerable.Range(0, 20).Select(i => Runtime.CallAsync<int>(module.GetAttr("stay"), [wait]))];
        Task<PyObject> leaving = Runtime.CallAsync(module.GetAttr("leave"), [wait]);
        Task<int>[] alsoStaying = [.. Enumerable.Range(0, 20).Select(i => Runtime.CallAsync<int>(module.GetAttr("stay"), [wait]))];
        await Runtime.InvokeAsync(() => true);

        gate.SetResult();

        (await ThrowsAsync<PythonException>(leaving.WaitAsync(Soon))).IsInstanceOf("SystemExit").ShouldBeTrue();
        (await Task.WhenAll([.. staying, .. alsoStaying]).WaitAsync(Soon)).Sum().ShouldBe(40);
    }
}
