using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>The scenarios of the child processes of <see cref="ExitTests"/>, on the loop that <c>PYASYNC_TEST_LOOP</c> names.</summary>
internal static class ExitScenarios
{
    public const int Code = 7;

    private const string Source = """
        import atexit, tempfile, threading, weakref

        class Held: pass
        held = Held()

        atexit.register(lambda: print("atexit", flush=False))
        weakref.finalize(held, lambda: print("finalize"))
        print("buffered")
        threading.Thread(target=lambda: print("thread")).start()

        # Neither closed nor flushed.
        file = open(tempfile.gettempdir() + "/pyasync-exit-" + str(__import__("os").getpid()), "w")
        file.write("written")
        atexit.register(print, "file", file.name)

        def call(exit):
            exit()

        async def run(exit):
            exit()

        async def run_in_executor(exit):
            import asyncio
            await asyncio.to_thread(exit)

        async def run_in_thread(exit, daemon):
            import asyncio
            threading.Thread(target=exit, daemon=daemon).start()
            await asyncio.sleep(3600)

        async def run_in_joined_thread(exit):
            import asyncio
            thread = threading.Thread(target=lambda: (joiner.start(), exit()))
            joiner = threading.Thread(target=lambda: thread.join(), name="joiner")
            thread.start()
            await asyncio.sleep(3600)

        class Odd:
            def __str__(self): return "odd"
        odd = Odd()

        def fail():
            raise ValueError("bang")

        def fail_at_the_end(exit):
            threading._register_atexit(fail)
            __import__("sys").stderr.close()
            return run_in_thread(exit, False)
        """;

    // The log goes to stderr, where the tests search for failures.
    private static readonly string[] s_quiet = ["--Logging:LogLevel:Default=Warning"];

    public static int Run(string bootstrap, string place)
    {
        switch (bootstrap)
        {
            case "runtime":
                using (IRuntime runtime = Backend(place).CreateRuntime(eventLoop: TestLoops.Create()))
                {
                    runtime.RunUntilComplete(_ => Exit(runtime, place));
                }

                return 0;
            case "started":
                IRuntime started = Backend(place).CreateRuntime(eventLoop: TestLoops.Create());
                started.StartAsync().Wait();
                Exit(started, place, isInMain: false).Wait();
                return 0;
            case "app":
                return PyAsyncApp.Run((runtime, _) => Exit(runtime, place), s_quiet, services => Configure(services, place));
            case "main":
                // The call of the generated entry point.
                return PyAsyncApp.Run(
                    (runtime, _) => Exit(runtime, place),
                    s_quiet,
                    new PyAsyncMainAttribute { EventLoop = TestLoops.Name, Backend = place == "lane" ? "LoopThread" : place == "dedicated" ? "DedicatedThread" : null });
            case "host":
                return RunHost(place, static host => host.Run());
            case "main-host":
                return RunHost(place, PyAsyncHostExtensions.RunPyAsync);
            default:
                throw new ArgumentException(bootstrap);
        }
    }

    /// <summary>Writes the texts of Python objects while the process ends: before the interpreter does, within Python's exit functions, and afterwards.</summary>
    public static int RunTexts(string scenario)
    {
        PyObject? odd = null;
        PythonException? failure = null;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine($"before: {odd} | {failure}");
        IRuntime runtime = PyAsyncRuntime.Create(eventLoop: TestLoops.Create());
        runtime.StartAsync().Wait();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine($"after: {odd} | {failure}");
        runtime.InvokeAsync(() =>
        {
            PyObject module = PyObject.ImportSource(Source);
            odd = module.GetAttr("odd");
            PyObject fail = module.GetAttr("fail");
            try
            {
                fail.Call().Dispose();
            }
            catch (PythonException e)
            {
                failure = e;
            }

            using PyObject atexit = PyObject.Import("atexit");
            atexit.CallMethod("register", [PyFunction.Create("say", () => Console.WriteLine($"within: {odd} | {failure}"))]).Dispose();
        }).Wait();

        switch (scenario)
        {
            case "return":
                return Code;
            case "exit":
                Environment.Exit(Code);
                break;
            case "exit-on-loop":
                runtime.InvokeAsync(static () => Environment.Exit(Code)).Wait();
                break;
            case "exit-attached":
                using (PythonThread.Attach())
                {
                    Environment.Exit(Code);
                }

                break;
            default:
                throw new ArgumentException(scenario);
        }

        return 0;
    }

    private static RuntimeBackend Backend(string place) => place switch
    {
        "lane" => new LoopThreadBackend(),
        "dedicated" => new DedicatedThreadBackend(),
        _ => new ThreadPoolBackend(),
    };

    private static void Configure(IServiceCollection services, string place)
    {
        IPyAsyncBuilder builder = services.AddPyAsync().UseEventLoop(TestLoops.Name);
        _ = place == "lane" ? builder.UseLoopThread() : place == "dedicated" ? builder.UseDedicatedThread() : builder;
    }

    private static int RunHost(string place, Action<IHost> run)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        Configure(builder.Services, place);
        builder.Services.AddSingleton(new Place(place)).AddHostedService<Exiting>();
        run(builder.Build());
        return 0;
    }

    private static async Task Exit(IRuntime runtime, string place, bool isInMain = true)
    {
        using PyObject module = await runtime.InvokeAsync(static () => PyObject.ImportSource(Source));
        using PyObject exit = await runtime.InvokeAsync(static () => PyFunction.Create("exit", static () => Environment.Exit(Code)));
        switch (place)
        {
            case "loop":
                await runtime.InvokeAsync(static () => Environment.Exit(Code));
                break;
            case "python":
                await runtime.InvokeAsync(() => module.CallMethod("call", [exit]).Dispose());
                break;
            case "coroutine":
                await runtime.CallAsync(module.GetAttr("run"), [exit]);
                break;
            case "executor":
                await WaitFor(runtime.CallAsync(module.GetAttr("run_in_executor"), [exit]), isInMain);
                break;
            case "python-thread":
            case "daemon":
                await WaitFor(runtime.CallAsync(module.GetAttr("run_in_thread"), [exit, place == "daemon"]), isInMain);
                break;
            case "joined-thread":
                await WaitFor(runtime.CallAsync(module.GetAttr("run_in_joined_thread"), [exit]), isInMain);
                break;
            case "failing-steps":
                await WaitFor(runtime.CallAsync(module.GetAttr("fail_at_the_end"), [exit]), isInMain);
                break;
            case "lane":
            case "dedicated":
                await runtime.Spawn(static _ =>
                {
                    Environment.Exit(Code);
                    return Task.CompletedTask;
                });
                break;
            case "attached":
                await Task.Run(static () =>
                {
                    using AttachScope scope = PythonThread.Attach();
                    Environment.Exit(Code);
                });
                break;
            default:
                throw new ArgumentException(place);
        }
    }

    /// <summary>Waits for a call that the end of the runtime cancels. Code outside of the main work must not continue then: the program would end with its own exit code.</summary>
    private static async Task WaitFor(Task call, bool isInMain)
    {
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!isInMain)
        {
            await Task.Delay(Timeout.Infinite);
        }
    }

    private sealed record Place(string Name);

    private sealed class Exiting(IRuntime runtime, Place place) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Exit(runtime, place.Name, isInMain: false);
    }
}
