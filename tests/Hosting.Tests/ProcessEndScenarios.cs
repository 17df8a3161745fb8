using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>The scenarios of the child processes of <see cref="ProcessEndTests"/>, on the loop that <c>PYASYNC_TEST_LOOP</c> names.</summary>
internal static partial class ProcessEndScenarios
{
    public static int Run(string scenario) => scenario switch
    {
        "app-work-in-flight" => RunApp(exit: null),
        "app-exit" => RunApp(exit: 6),
        "app-finalizes" => PyAsyncApp.Run(LeaveTraces, s_quiet, UseLoop, finalizePython: true),
        "app-finalizes-too-early" => UseAfterTheEnd(),
        "app-finalizes-with-memory" => FinalizeWithMemory(),
        "app-does-not-finalize" => PyAsyncApp.Run(LeaveTraces, s_quiet, UseLoop),
        "app-exits-and-would-finalize" => PyAsyncApp.Run(LeaveTracesAndExit, s_quiet, UseLoop, finalizePython: true),
        "entry-point" => PyAsyncApp.Run(LeaveTraces, s_quiet, new PyAsyncMainAttribute { EventLoop = TestLoops.Name }),
        "entry-point-fails" => PyAsyncApp.Run(LeaveTracesAndFail, s_quiet, new PyAsyncMainAttribute { EventLoop = TestLoops.Name }),
        "entry-point-with-another-runtime" => RunBesideAnotherRuntime(),
        "own-thread" => RunHost(static host => host.Run(), LeaveTraces),
        "host-work-in-flight" => RunHost(host => host.Run()),
        "main-thread-host-work-in-flight" => RunHost(PyAsyncHostExtensions.RunPyAsync),
        "host-time-is-up" => RunSlowHost(),
        _ => RunWithoutServices(scenario),
    };

    private static readonly string[] s_quiet = ["--Logging:LogLevel:Default=Warning"];

    private static void UseLoop(IServiceCollection services) => services.AddPyAsync().UseEventLoop(TestLoops.Name);

    private static int RunBesideAnotherRuntime()
    {
        IRuntime? other = null;
        int code = PyAsyncApp.Run(
            async (runtime, ct) =>
            {
                await LeaveTraces(runtime, ct);
                other = PyAsyncRuntime.Create(eventLoop: TestLoops.Create());
                await other.StartAsync(ct);
            },
            s_quiet,
            new PyAsyncMainAttribute { EventLoop = TestLoops.Name });
        Console.WriteLine(other!.InvokeAsync(() => PyObject.Import("math").CallMethod<double>("sqrt", [9])).Result);
        return code;
    }

    private static int RunWithoutServices(string scenario)
    {
        IRuntime runtime = PyAsyncRuntime.Create(eventLoop: TestLoops.Create());
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
                runtime.RunUntilComplete(async cancellationToken =>
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
            case "attached-without-end":
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

        // After PyAsync's own handler, which was registered first. An exception of a continuation would end the process, if it still had the time.
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
        ["--Logging:LogLevel:Default=Warning"],
        services => services.AddPyAsync().UseEventLoop(TestLoops.Name));

    private static int RunHost(Action<IHost> run, Func<IRuntime, CancellationToken, Task>? work = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPyAsync().UseEventLoop(TestLoops.Name);
        if (work is null)
        {
            builder.Services.AddHostedService<Leaving>();
        }
        else
        {
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<Working>(services, work));
        }

        run(builder.Build());
        return 0;
    }

    /// <summary>A hosted service takes all of the host's time for its shutdown.</summary>
    private static int RunSlowHost()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(50));
        builder.Services.AddPyAsync().UseEventLoop(TestLoops.Name);
        builder.Services.AddHostedService<Leaving>();
        builder.Services.AddHostedService<Slow>();
        builder.Build().Run();
        return 0;
    }

    private static async Task Greet(IRuntime runtime)
    {
        using PyObject module = await runtime.InvokeAsync(() => PyObject.ImportSource("import asyncio, atexit\natexit.register(print, 'atexit')\nasync def f():\n    await asyncio.sleep(0.001)\n    return 'ran'"));
        Console.WriteLine(await runtime.CallAsync<string>(module.GetAttr("f")));
    }

    private static void LeaveWork(IRuntime runtime)
    {
        using PyObject asyncio = PyObject.Import("asyncio");
        using PyObject sleep = asyncio.GetAttr("sleep");
        for (int i = 0; i < 50; i++)
        {
            _ = runtime.CallAsync(sleep, [60]);
            _ = runtime.Spawn(cancellationToken => Task.Delay(TimeSpan.FromMinutes(1), cancellationToken));
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

    private sealed class Working(IRuntime runtime, Func<IRuntime, CancellationToken, Task> work, IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await work(runtime, stoppingToken);
            lifetime.StopApplication();
        }
    }

    private sealed class Slow : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(Timeout.Infinite, CancellationToken.None);
    }
}
