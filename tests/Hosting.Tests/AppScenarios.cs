using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>The scenarios of the child processes of <see cref="AppProcessTests"/>, on the loop that <c>PYASYNC_TEST_LOOP</c> names.</summary>
internal static class AppScenarios
{
    private const string Source = """
        import asyncio, atexit, re, time

        atexit.register(print, "finalised")

        async def stubborn():
            while True:
                try:
                    print("ready", flush=True)
                    await asyncio.sleep(1000)
                except asyncio.CancelledError:
                    pass

        async def wait_for(f):
            await f()

        def block():
            print("ready", flush=True)
            time.sleep(1000)

        def block_with_gil():
            print("ready", flush=True)
            re.match("(a+)+$", "a" * 100 + "b")

        async def block_once_cancelled():
            print("ready", flush=True)
            try:
                await asyncio.sleep(1000)
            finally:
                time.sleep(1000)
        """;

    private static readonly TaskCompletionSource s_never = new();

    /// <summary>Prints the threads that work runs on.</summary>
    private static async Task SayThreads(IRuntime runtime, CancellationToken cancellationToken)
    {
        int[] threads = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => runtime.Spawn(_ => Task.FromResult(Environment.CurrentManagedThreadId))));
        Console.WriteLine($"{runtime.Name} {threads.Distinct().Count()}");
    }

    public static int Run(string scenario, string[] args) => scenario switch
    {
        "settings" => PyAsyncApp.Run(Say, args),
        "attribute" => PyAsyncApp.Run(Say, args[1..], new PyAsyncMainAttribute { Backend = "DedicatedThread", WorkerThreads = int.Parse(args[0]) }),
        "attribute-settings" => PyAsyncApp.Run(SayThreads, args, new PyAsyncMainAttribute { Backend = "DedicatedThread", EventLoop = "asyncio", WorkerThreads = 2 }),
        "hosted" => PyAsyncApp.Run(Say, args, static services => services.AddHostedService<NeverStarted>()),
        "ignores" => Run(args, static (_, _) => IgnoreTheToken()),
        "ignores-blocking" => Run(args, static (_, _) => BlockTheThread()),
        "ignores-spawned" => Run(args, static (runtime, _) => runtime.Spawn(static _ => IgnoreTheToken())),
        "ignores-spawned-blocking" => Run(args, static (runtime, _) => runtime.SpawnBlocking(static _ => BlockTheThread())),
        "ignores-python" => Run(args, static (runtime, module) => runtime.CallAsync(module.GetAttr("stubborn"))),
        "ignores-into-python" => Run(args, static (runtime, module) => runtime.CallAsync(module.GetAttr("wait_for"), [runtime.FunctionIntoPy("f", static _ => IgnoreTheToken())])),
        "blocks" => Run(args, static (runtime, module) => runtime.InvokeAsync(() => module.CallMethod("block"))),
        "blocks-gil" => Run(args, static (runtime, module) => runtime.InvokeAsync(() => module.CallMethod("block_with_gil"))),
        "waits" => Run(args, static (_, _) => Wait()),
        "waits-for-python" => Run(args, static (runtime, module) => WaitFor(runtime.CallAsync(module.GetAttr("stubborn")))),
        "waits-attached" => Run(args, static (_, _) => WaitAttached()),
        "blocks-pool" => Run(args, static (_, _) => BlockThePool()),
        "waits-on-loop" => Run(args, static (runtime, _) => runtime.InvokeAsync(static () => Wait())),
        "host-ignores" => RunHost(args, static host => host.Run(), "stubborn"),
        "host-blocks" => RunHost(args, static host => host.Run(), "block"),
        "host-blocks-gil" => RunHost(args, static host => host.Run(), "block_with_gil"),
        "main-host-ignores" => RunHost(args, PyAsyncHostExtensions.RunPyAsync, "stubborn"),
        "main-host-blocks" => RunHost(args, PyAsyncHostExtensions.RunPyAsync, "block"),
        "main-host-blocks-gil" => RunHost(args, PyAsyncHostExtensions.RunPyAsync, "block_with_gil"),
        "blocks-at-the-end" => Run(args, static (runtime, module) => runtime.CallAsync(module.GetAttr("block_once_cancelled"))),
        _ => throw new ArgumentException(scenario),
    };

    private static Task Say(IRuntime runtime, CancellationToken cancellationToken)
    {
        Console.WriteLine("ran");
        return Task.CompletedTask;
    }

    private static int Run(string[] args, Func<IRuntime, PyObject, Task> main) => PyAsyncApp.Run(
        async (runtime, _) => await main(runtime, await runtime.InvokeAsync(static () => PyObject.ImportSource(Source))),
        args,
        static services => services.AddPyAsync().UseEventLoop(TestLoops.Name));

    private static int RunHost(string[] args, Action<IHost> run, string function)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        builder.Services.AddPyAsync().UseEventLoop(TestLoops.Name);
        builder.Services.AddSingleton(new Calls(function)).AddHostedService<Caller>();
        run(builder.Build());
        Console.WriteLine("ended well");
        return 0;
    }

    private static Task IgnoreTheToken()
    {
        Console.WriteLine("ready");
        return s_never.Task;
    }

    private static Task BlockTheThread()
    {
        Console.WriteLine("ready");
        Thread.Sleep(Timeout.Infinite);
        return Task.CompletedTask;
    }

    /// <summary>Queues so much work that blocks its thread that the pool can run nothing else for minutes.</summary>
    private static Task BlockThePool()
    {
        for (int i = 0; i < 1000; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static _ => Thread.Sleep(Timeout.Infinite), null);
        }

        return IgnoreTheToken();
    }

    private static Task Wait() => WaitFor(s_never.Task);

    private static Task WaitFor(Task task)
    {
        Console.WriteLine("ready");
        task.Wait();
        return Task.CompletedTask;
    }

    private static Task WaitAttached()
    {
        using AttachScope scope = PythonThread.Attach();
        return Wait();
    }

    private sealed class NeverStarted : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            Console.WriteLine("started");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed record Calls(string Function);

    private sealed class Caller(IRuntime runtime, Calls calls) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            PyObject module = await runtime.InvokeAsync(static () => PyObject.ImportSource(Source), CancellationToken.None);
            _ = calls.Function == "stubborn"
                ? runtime.CallAsync(module.GetAttr(calls.Function), cancellationToken: CancellationToken.None)
                : (Task)runtime.InvokeAsync(() => module.CallMethod(calls.Function), CancellationToken.None);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
