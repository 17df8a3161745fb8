using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Loops that belong to no runtime, and runtimes without a loop.
public abstract partial class LoopTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Work_of_a_function_that_a_foreign_loop_called_stays_on_that_loop()
    {
        using PyObject module = Python(WhereSource);
        PyObject where = Own(module.GetAttr("where"));
        await using IRuntime other = Fixture.CreateRuntime();
        await other.StartAsync();
        await using IRuntime loopless = Fixture.CreateRuntime();
        foreach (IRuntime runtime in new[] { Runtime, loopless })
        {
            PyObject f = Own(runtime.FunctionIntoPy("f", async (PyObject running, CancellationToken cancellationToken) =>
            {
                EventLoop here = runtime.GetCurrentLoop();
                using PyObject loop = here.GetPythonLoop();
                return loop.Is(running)
                    && await IsOn(runtime, here, where)
                    && await runtime.Spawn(_ => IsOn(runtime, here, where), cancellationToken)
                    && await Task.Run(() => IsOn(runtime, here, where), cancellationToken)
                    && await IsOn(other, other, where)
                    && await other.Spawn(_ => IsOn(other, other, where), cancellationToken)
                    && runtime.CaptureContext().Loop == here;
            }));
            using PyObject main = PyObject.ImportSource("import asyncio\nasync def main(f): return await f(asyncio.get_running_loop())\ndef run(f): return asyncio.run(main(f))", "foreign");
            (await Task.Run(() => main.GetAttr("run").Call<bool>([f]))).ShouldBeTrue();
        }
    }

    [ConformanceFact]
    public virtual async Task A_runtime_without_a_loop_uses_the_loop_that_called_it_an_applications_included()
    {
        using PyObject module = Python(WhereSource);
        PyObject where = Own(module.GetAttr("where"));
        await using IRuntime loopless = Fixture.CreateRuntime();
        EventLoop own = Runtime.GetCurrentLoop();
        PyObject f = Own(loopless.FunctionIntoPy("f", async cancellationToken => await IsOn(loopless, own, where) && await loopless.Spawn(_ => IsOn(loopless, own, where), cancellationToken)));

        // A plain function records its loop too: the code that it starts continues on another thread.
        Task<bool>? started = null;
        PyObject plain = Own(PyFunction.Create("plain", () => started = Task.Run(() => IsOn(loopless, own, where))));

        (await Runtime.CallAsync<bool>(module.GetAttr("wait_for"), [f])).ShouldBeTrue();
        await Runtime.CallAsync(module.GetAttr("call"), [plain]);
        (await started!).ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task An_entry_where_no_loop_runs_belongs_to_no_loop()
    {
        using PyObject module = Python(WhereSource + """


            async def in_a_thread(f):
                return await asyncio.to_thread(f)
            """);
        await using IRuntime loopless = Fixture.CreateRuntime();
        PyObject plain = Own(PyFunction.Create("plain", _ =>
        {
            Should.Throw<NoRunningLoopException>(() => loopless.GetCurrentLoop());
            Should.Throw<NoRunningLoopException>(() => Task.Run(() => loopless.GetCurrentLoop()).GetAwaiter().GetResult());
            return PyObject.From(Runtime.GetCurrentLoop() == Runtime.CaptureContext().Loop);
        }));
        PyObject outer = Own(loopless.FunctionIntoPy("outer", cancellationToken => loopless.CallAsync<bool>(module.GetAttr("in_a_thread"), [plain], cancellationToken)));

        (await Task.Run(() => module.GetAttr("run").Call<bool>([outer]))).ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_recorded_loop_that_was_closed_gives_way_to_the_runtimes_own_or_is_an_error_that_says_so()
    {
        using PyObject module = Python(WhereSource);
        PyObject where = Own(module.GetAttr("where"));
        await using IRuntime loopless = Fixture.CreateRuntime();
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool>? own = null;
        Task<Exception>? none = null;
        PyObject start = Own(Runtime.FunctionIntoPy("start", cancellationToken =>
        {
            own = AfterTheEnd();
            return Task.CompletedTask;

            async Task<bool> AfterTheEnd()
            {
                await closed.Task;
                return await IsOn(Runtime, Runtime, where);
            }
        }));
        PyObject startLoopless = Own(loopless.FunctionIntoPy("start", cancellationToken =>
        {
            none = AfterTheEnd();
            return Task.CompletedTask;

            async Task<Exception> AfterTheEnd()
            {
                await closed.Task;
                Should.Throw<EventLoopClosedException>(() => loopless.GetCurrentLoop());
                return Should.Throw<EventLoopClosedException>(() => { _ = loopless.CallAsync(where); });
            }
        }));

        await Task.Run(() => module.GetAttr("run").Call([start]).Dispose());
        await Task.Run(() => module.GetAttr("run").Call([startLoopless]).Dispose());
        closed.SetResult();

        (await own!.WaitAsync(Soon)).ShouldBeTrue();
        (await none!.WaitAsync(Soon)).Message.ShouldContain("is closed");
    }
}
