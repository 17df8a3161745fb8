using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Objects that a failure keeps alive after it has reached .NET.
public abstract partial class ErrorTests<TFixture>
{
    private const string Counting = """
        import asyncio, traceback

        alive = 0

        class Counted:
            def __init__(self):
                global alive
                alive += 1
            def __del__(self):
                global alive
                alive -= 1

        def count(): return alive

        async def fail(at_once):
            local = Counted()
            if not at_once:
                await asyncio.sleep(0)
            raise ValueError("failed")

        async def outer(at_once):
            local = Counted()
            await fail(at_once)

        class Storing:
            def __init__(self):
                self.future = asyncio.get_running_loop().create_future()
                self.resume = asyncio.Event()

            async def run(self):
                local = Counted()
                try:
                    await fail(False)
                except ValueError as e:
                    self.future.set_exception(e)
                await self.resume.wait()
                return type(local).__name__

        async def start():
            storing = Storing()
            storing.task = asyncio.create_task(storing.run())
            return storing

        async def end(storing):
            storing.resume.set()
            return await storing.task

        def frames_of(e): return [frame.f_code.co_name for frame, _ in traceback.walk_tb(e.__traceback__)]
        """;

    [ConformanceFact]
    public virtual async Task A_failure_keeps_no_locals_of_coroutines_that_have_ended_a_thousand_times()
    {
        using PyObject module = Python(Counting);
        PyObject outer = Own(module.GetAttr("outer"));
        List<PythonException> failures = [];
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            failures.Add(await ThrowsAsync<PythonException>(Runtime.CallAsync(outer, [i % 2 == 0])));
        }

        (await Runtime.InvokeAsync(() => module.CallMethod<int>("count"))).ShouldBe(0);
        failures[^1].Traceback.ShouldContain("in fail");
        (await Runtime.InvokeAsync(() => module.CallMethod<List<string>>("frames_of", [failures[^1].Value]))).ShouldBe(["outer", "fail"]);
        GC.KeepAlive(failures);
    }

    [ConformanceFact]
    public virtual async Task A_failure_that_a_coroutine_has_stored_leaves_the_coroutine_alone()
    {
        using PyObject module = Python(Counting);
        List<PythonException> kept = [];
        for (int i = 0; i < Repetitions.Of(100); i++)
        {
            using PyObject storing = await Runtime.CallAsync(module.GetAttr("start"));
            using PyObject future = await Runtime.InvokeAsync(() => storing.GetAttr("future"));

            PythonException e = await ThrowsAsync<PythonException>(Runtime.IntoFuture(future));

            (await Runtime.InvokeAsync(() => module.CallMethod<int>("count"))).ShouldBe(i + 1, "the coroutines' own, and none of the function that failed");
            kept.Add(e);
            (await Runtime.InvokeAsync(() => module.CallMethod<List<string>>("frames_of", [e.Value]))).ShouldBe(["run", "fail"]);
            (await Runtime.CallAsync<string>(module.GetAttr("end"), [storing])).ShouldBe("Counted");
        }

        GC.KeepAlive(kept);
    }
}
