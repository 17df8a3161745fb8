using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Runs of loops.
public abstract partial class BaselineTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task The_main_thread_runs_twice_in_one_process()
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        for (int i = 0; i < 2; i++)
        {
            int run = i;
            int result = await PyAsyncTestHost.OnMainThreadAsync(() =>
            {
                using IRuntime runtime = Fixture.CreateRuntime();
                return runtime.RunUntilComplete(cancellationToken => runtime.CallAsync<int>(sleep, [0.001, run], cancellationToken));
            });
            result.ShouldBe(run);
        }
    }

    [ConformanceFact]
    public virtual async Task Two_fresh_loops_in_a_row_call_dotnet()
    {
        using PyObject module = Python("""
            async def main(f):
                return await f(3) + await f(4)

            def run_twice(f):
                return [asyncio.run(main(f)), asyncio.run(main(f))]
            """);
        PyObject square = Function(async (int x, CancellationToken cancellationToken) =>
        {
            await Task.Delay(2, cancellationToken);
            return x * x;
        });

        int[] results = await Task.Factory.StartNew(() => module.GetAttr("run_twice").Call<int[]>([square]), TaskCreationOptions.LongRunning);

        results.ShouldBe([25, 25]);
    }

    [ConformanceFact]
    public virtual async Task A_run_forever_loop_is_stopped_from_Python()
    {
        using PyObject module = Python("""
            async def stop_soon():
                loop = asyncio.get_running_loop()
                loop.run_in_executor(None, loop.call_soon_threadsafe, loop.stop)
            """);

        await PyAsyncTestHost.OnMainThreadAsync(() =>
        {
            using IRuntime runtime = Fixture.CreateRuntime();
            Task stopping = Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        await runtime.CallAsync(module.GetAttr("stop_soon"));
                        return;
                    }
                    catch (NoRunningLoopException)
                    {
                        await Task.Yield(); // The loop has not been created yet.
                    }
                }
            });
            runtime.RunForever();
            stopping.Wait(Soon).ShouldBeTrue();
        }).WaitAsync(Soon);
    }
}
