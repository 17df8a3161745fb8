using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Backends;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>What the child processes of <see cref="ProcessEndTests"/> do, over the loop that <c>PYASYNC_TEST_LOOP</c> names.</summary>
internal static class ProcessEndScenarios
{
    public static int Run(string scenario) => scenario switch
    {
        "app-work-in-flight" => RunApp(exit: null),
        "app-exit" => RunApp(exit: 6),
        "host-work-in-flight" => RunHost(host => host.Run()),
        "main-thread-host-work-in-flight" => RunHost(PyAsyncHostExtensions.RunPyAsync),
        _ => RunWithoutServices(scenario),
    };

    private static int RunWithoutServices(string scenario)
    {
        IRuntime runtime = PyAsyncRuntime.Create(new ThreadPoolBackend(), eventLoop: TestLoops.Create());
        switch (scenario)
        {
            case "returns":
                runtime.RunUntilComplete(_ => Greet(runtime));
                runtime.Dispose();
                return 0;
            case "returns-undisposed":
                runtime.RunUntilComplete(_ => Greet(runtime));
                return 0;
            case "returns-owned-thread":
                runtime.StartAsync().Wait();
                Greet(runtime).Wait();
                runtime.Dispose();
                return 0;
            case "returns-owned-thread-undisposed":
                runtime.StartAsync().Wait();
                Greet(runtime).Wait();
                return 0;
            case "work-in-flight":
                runtime.StartAsync().Wait();
                Greet(runtime).Wait();
                LeaveWork(runtime);
                return 0;
            case "exit-elsewhere":
                runtime.RunUntilComplete(async ct =>
                {
                    await Greet(runtime);
                    LeaveWork(runtime);
                    Environment.Exit(5);
                });
                return 0;
            case "work-outlives-python":
                runtime.StartAsync().Wait();
                Greet(runtime).Wait();
                LeaveWorkThatEndsAfterPython(runtime);
                return 0;
            case "attached-for-ever":
                runtime.StartAsync().Wait();
                Greet(runtime).Wait();
                using (var attached = new ManualResetEventSlim())
                {
                    new Thread(() =>
                    {
                        using AttachScope scope = PythonThread.Attach();
                        using DetachScope detached = PythonThread.Detach();
                        attached.Set();
                        Thread.Sleep(Timeout.Infinite);
                    }) { IsBackground = true }.Start();
                    attached.Wait();
                }

                return 0;
            default:
                throw new ArgumentException(scenario);
        }
    }

    /// <summary>Work that has no token, whose loop is closed and whose Python is gone when it is done.</summary>
    private static void LeaveWorkThatEndsAfterPython(IRuntime runtime)
    {
        var work = new TaskCompletionSource<int>();
        using PyObject module = PyObject.ImportSource("async def wait(future):\n    await future", "outlived");
        _ = runtime.IntoFuture(() => module.CallMethod("wait", [runtime.FutureIntoPy(work.Task)]));
        runtime.InvokeAsync(() => true).Wait();

        // After PyAsync's own handler, which was there first. What a continuation throws would end the process, if it still had the time.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => Console.Error.WriteLine(thrown.Exception);
            work.SetResult(1);
        };
    }

    private static int RunApp(int? exit) => PyAsyncApp.Run(
        async (runtime, _) =>
        {
            await Greet(runtime);
            LeaveWork(runtime);
            if (exit is { } code)
            {
                Environment.Exit(code);
            }
        },
        configure: services => services.AddPyAsync().UseEventLoop(TestLoops.Name));

    private static int RunHost(Action<IHost> run)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPyAsync().UseEventLoop(TestLoops.Name);
        builder.Services.AddHostedService<Leaving>();
        run(builder.Build());
        return 0;
    }

    private static async Task Greet(IRuntime runtime)
    {
        using PyObject module = await runtime.InvokeAsync(() => PyObject.ImportSource("import asyncio, atexit\natexit.register(print, 'atexit')\nasync def f():\n    await asyncio.sleep(0.001)\n    return 'ran'"));
        Console.WriteLine(await runtime.Call<string>(module.GetAttr("f")));
    }

    private static void LeaveWork(IRuntime runtime)
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        for (int i = 0; i < 50; i++)
        {
            _ = runtime.Call(sleep, [60]);
            _ = runtime.Spawn(ct => Task.Delay(TimeSpan.FromMinutes(1), ct));
        }
    }

    private sealed class Leaving(IRuntime runtime, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Greet(runtime);
            LeaveWork(runtime);
            lifetime.StopApplication();
        }
    }
}
