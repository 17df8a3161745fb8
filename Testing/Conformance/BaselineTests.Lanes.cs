using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Requirements of the bridge on a backend's lanes.
public abstract partial class BaselineTests<TFixture>
{
    private static readonly AsyncLocal<object?> s_ofCreator = new();

    [ConformanceFact]
    public virtual async Task A_lane_knows_its_threads()
    {
        EventLoop loop = Runtime.GetCurrentLoop();
        await using RuntimeBackend backend = Fixture.CreateBackend();
        await backend.StartAsync(new BackendStart(NullLogger.Instance, TimeProvider.System), CancellationToken.None);
        WorkLane lane = backend.OpenLane(loop);
        for (int i = 0; i < 100; i++)
        {
            (await OnLane(lane, () => lane.IsCurrentThread)).ShouldBeTrue("IsCurrentThread has to be true in work that the lane runs");
        }

        // A thread that belongs to no backend.
        bool elsewhere = true;
        var thread = new Thread(() => elsewhere = lane.IsCurrentThread);
        thread.Start();
        thread.Join();
        elsewhere.ShouldBeFalse("IsCurrentThread has to be false on a thread that is not the lane's");
    }

    [ConformanceFact]
    public virtual async Task Threads_do_not_have_the_ExecutionContext_of_their_creator()
    {
        // All in one flow: the runtime and its backend are created and started here, with their threads.
        (IRuntime runtime, WorkLane lane, RuntimeBackend backend, WeakReference value) = await Task.Run(Create);
        await using (backend)
        {
            await using (runtime)
            {
                (await OnLane(lane, () => s_ofCreator.Value)).ShouldBeNull();
                using PyObject module = Python("""
                    async def call_soon(f):
                        # Without the context of the request.
                        done = asyncio.get_running_loop().create_future()
                        import contextvars
                        asyncio.get_running_loop().call_soon(lambda: done.set_result(f()), context=contextvars.Context())
                        return await done
                    """);
                PyObject look = Own(PyFunction.Create("look", _ => PyObject.From(s_ofCreator.Value is not null)));
                (await runtime.CallAsync<bool>(module.GetAttr("call_soon"), [look])).ShouldBeFalse();
                (await runtime.SpawnPinned(_ => Task.FromResult(s_ofCreator.Value is null))).ShouldBeTrue();

                await EventuallyAsync(() =>
                {
                    GC.Collect();
                    return Task.FromResult(!value.IsAlive);
                });
            }
        }
    }

    private async Task<(IRuntime Runtime, WorkLane Lane, RuntimeBackend Backend, WeakReference Value)> Create()
    {
        WeakReference value = SetValue();
        RuntimeBackend backend = Fixture.CreateBackend();
        await backend.StartAsync(new BackendStart(NullLogger.Instance, TimeProvider.System), CancellationToken.None);
        WorkLane lane = backend.OpenLane(Runtime.GetCurrentLoop());
        IRuntime runtime = Fixture.CreateRuntime();
        await runtime.StartAsync();
        (await runtime.SpawnPinned(_ => Task.FromResult(s_ofCreator.Value is not null))).ShouldBeTrue("work has the flow of its caller");
        return (runtime, lane, backend, value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference SetValue()
    {
        s_ofCreator.Value = new object();
        return new WeakReference(s_ofCreator.Value);
    }

    private static async Task<T> OnLane<T>(WorkLane lane, Func<T> look)
    {
        var seen = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lane.Schedule(
            _ =>
            {
                try
                {
                    seen.SetResult(look());
                }
                catch (Exception e)
                {
                    seen.SetException(e);
                }
            },
            null);
        return await seen.Task.WaitAsync(Soon);
    }
}
