using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests.OnThreadPool;

/// <summary>
/// Tests what the loops of a process share, such as prepared contexts and the keyword arguments of tasks, while other threads run at each garbage collection of Python.
/// On 3.11 nearly every allocation can be one. Alone, for it slows all other Python code.
/// </summary>
[CollectionDefinition(nameof(SharedByLoopsTests), DisableParallelization = true)]
[Collection(nameof(SharedByLoopsTests))]
public sealed class SharedByLoopsTests
{
    private const string Source = """
        import asyncio, gc, time

        def interfere(phase, info):
            time.sleep(0)   # Releases the GIL.

        def begin():
            gc.callbacks.append(interfere)
            gc.set_threshold(1)

        def end():
            gc.set_threshold(700)
            gc.callbacks.remove(interfere)

        async def where():
            loop = asyncio.current_task().get_loop()
            assert loop is asyncio.get_running_loop()
            return id(loop)

        async def ask(f):
            return await f()
        """;

    private const int Loops = 3;

    private static readonly AsyncLocal<string?> s_flow = new();

    [Fact]
    public async Task Loops_InThreads_MakeSeparateTasksAndContexts()
    {
        using PyObject module = PyObject.ImportSource(Source, "shared_by_loops");
        await Task.WhenAll(Enumerable.Range(0, Loops).Select(i => Task.Run(() => AskAsync(module, i))));
    }

    private static async Task AskAsync(PyObject module, int number)
    {
        await using IRuntime runtime = new ThreadPoolBackend().CreateRuntime(eventLoop: TestLoops.Create());
        await runtime.StartAsync();
        using PyObject where = module.GetAttr("where"), ask = module.GetAttr("ask");
        using PyObject local = runtime.FunctionIntoPy("local", static _ => Task.FromResult(s_flow.Value));
        long loop = await runtime.CallAsync<long>(where);
        await runtime.InvokeAsync(() => module.CallMethod("begin").Dispose());
        try
        {
            for (int i = 0; i < Repetitions.Of(1_000); i++)
            {
                // Each value is another ExecutionContext, whose context is prepared at the second call, and in use from the third on.
                string flow = $"{number}.{i}";
                s_flow.Value = flow;
                for (int call = 0; call < 5; call++)
                {
                    (await runtime.CallAsync<string>(ask, [local])).ShouldBe(flow);
                }

                (await runtime.CallAsync<long>(where)).ShouldBe(loop);
            }
        }
        finally
        {
            await runtime.InvokeAsync(() => module.CallMethod("end").Dispose());
        }
    }
}
