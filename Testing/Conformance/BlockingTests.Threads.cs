using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Waits on other threads than a loop's: those that hold the GIL, and the only thread of a lane.
public abstract partial class BlockingTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Blocking_a_lane_on_a_call_is_refused_or_works_but_never_hangs()
    {
        await using IRuntime runtime = Fixture.CreateRuntime(options => options.BlockingWaitTimeout = TimeSpan.FromMilliseconds(100));
        await runtime.StartAsync();
        using PyObject asyncio = PyObject.Import("asyncio");
        PyObject sleep = Own(asyncio.GetAttr("sleep"));
        int Block() => runtime.CallAsync<int>(sleep, [0.01, 7]).Result;
        int BlockAttached()
        {
            using AttachScope scope = PythonThread.Attach();
            return Block();
        }

        Func<Task<int>>[] attempts =
        [
            () => runtime.Spawn(cancellationToken => Task.FromResult(Block())),
            () => runtime.SpawnPinned(cancellationToken => Task.FromResult(Block())),
            () => runtime.Spawn(async cancellationToken =>
            {
                await Task.Yield();
                return Block();
            }),
            () => runtime.Spawn(cancellationToken => Task.FromResult(runtime.Spawn(t => Task.FromResult(7), cancellationToken).Result)),
            () => runtime.Spawn(cancellationToken => Task.FromResult(BlockAttached())),
        ];
        bool isRefused = false;
        foreach (Func<Task<int>> attempt in attempts)
        {
            try
            {
                (await attempt().WaitAsync(Soon)).ShouldBe(7);
            }
            catch (LoopBlockedException e)
            {
                e.Message.ShouldContain("Await instead of blocking");
                isRefused = true;
            }
        }

        // On other threads it works, and the lane continues.
        (await runtime.SpawnBlocking(cancellationToken => Block()).WaitAsync(Soon)).ShouldBe(7);
        (await runtime.SpawnBlocking(cancellationToken => BlockAttached()).WaitAsync(Soon)).ShouldBe(7);
        (await runtime.Spawn(cancellationToken => Task.FromResult(1)).WaitAsync(Soon)).ShouldBe(1);
        if (isRefused)
        {
            ExpectedReports.Add("the wait is refused");
        }
    }

    [ConformanceFact]
    public virtual async Task Blocking_a_lane_for_what_others_do_may_take_its_time()
    {
        await using IRuntime runtime = Fixture.CreateRuntime(options => options.BlockingWaitTimeout = TimeSpan.FromMilliseconds(20));
        await runtime.StartAsync();
        using var never = new ManualResetEventSlim();

        (await runtime.SpawnPinned(cancellationToken => Task.FromResult(never.Wait(150, cancellationToken)))).ShouldBeFalse();
        (await runtime.SpawnPinned(cancellationToken =>
        {
            Thread.Sleep(1);
            return Task.FromResult(Task.Delay(100, cancellationToken).Wait(Soon));
        })).ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_wait_with_the_GIL_held_releases_it_on_every_thread()
    {
        using PyObject module = Python("""
            import threading

            def call(f):
                return f()

            def call_in_thread(f):
                thread = threading.Thread(target=f)
                thread.start()
                thread.join()

            async def call_in_loop(f):
                f()

            def call_in_foreign_loop(f):
                asyncio.run(call_in_loop(f))

            def handler():
                pass
            """);
        PyObject handler = Own(module.GetAttr("handler"));
        foreach (Action<Action> wait in Waits())
        {
            // The other thread needs the GIL before it ends the wait.
            PyObject function = Own(PyFunction.Create("wait", () => wait(() => handler.Call().Dispose())));
            await Task.Run(() => module.CallMethod("call", [function]).Dispose()).WaitAsync(Soon);
            await Task.Run(() => module.CallMethod("call_in_thread", [function]).Dispose()).WaitAsync(Soon);
            await Task.Run(() => module.CallMethod("call_in_foreign_loop", [function]).Dispose()).WaitAsync(Soon);
            await Runtime.CallAsync(module.GetAttr("call_in_loop"), [function]).WaitAsync(Soon);
            await Task.Run(() =>
            {
                using AttachScope scope = PythonThread.Attach();
                wait(() => handler.Call().Dispose());
            }).WaitAsync(Soon);
            await Runtime.SpawnPinned(cancellationToken =>
            {
                using AttachScope scope = PythonThread.Attach();
                wait(() => handler.Call().Dispose());
                return Task.CompletedTask;
            }).WaitAsync(Soon);
        }
    }

    [ConformanceFact]
    public virtual async Task A_scope_leaves_the_SynchronizationContext_as_it_was()
    {
        await Task.Run(() =>
        {
            SynchronizationContext.Current.ShouldBeNull();
            using (PythonThread.Attach())
            {
                using (PythonThread.Attach())
                {
                    PyObject.From(1).Dispose();
                }

                SynchronizationContext.Current.ShouldNotBeNull();
            }

            SynchronizationContext.Current.ShouldBeNull();
            var mine = new SynchronizationContext();
            SynchronizationContext.SetSynchronizationContext(mine);
            using (PythonThread.Attach())
            {
                SynchronizationContext.Current.ShouldBe(mine);
            }

            SynchronizationContext.SetSynchronizationContext(null);
        });
    }

    /// <summary>Gets waits for another thread, which runs the given code first.</summary>
    private static IEnumerable<Action<Action>> Waits()
    {
        yield return code =>
        {
            var gate = new object();
            using var held = new ManualResetEventSlim();
            var holder = new Thread(() =>
            {
                lock (gate)
                {
                    held.Set();
                    code();
                }
            });
            holder.Start();
            held.Wait();
            lock (gate)
            {
            }

            holder.Join();
        };
        yield return code =>
        {
            var gate = new Lock();
            using var held = new SemaphoreSlim(0);
            Task holder = Task.Run(() =>
            {
                lock (gate)
                {
                    held.Release();
                    code();
                }
            });
            held.Wait();
            lock (gate)
            {
            }

            holder.GetAwaiter().GetResult();
        };
        yield return code => Task.Run(code).Wait();
        yield return code => Task.Run(() =>
        {
            code();
            return 1;
        }).Result.ShouldBe(1);
        yield return code =>
        {
            using var ended = new ManualResetEvent(false);
            _ = Task.Run(() =>
            {
                code();
                ended.Set();
            });
            ended.WaitOne();
        };
        yield return code =>
        {
            var gate = new object();
            lock (gate)
            {
                _ = Task.Run(() =>
                {
                    code();
                    lock (gate)
                    {
                        Monitor.Pulse(gate);
                    }
                });
                Monitor.Wait(gate);
            }
        };
        yield return code =>
        {
            using var barrier = new CountdownEvent(2);
            for (int i = 0; i < 2; i++)
            {
                _ = Task.Run(() =>
                {
                    code();
                    barrier.Signal();
                });
            }

            barrier.Wait();
        };
    }
}
