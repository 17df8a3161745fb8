using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Backends;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>What the child processes of <see cref="SignalTests"/> do. The loop is the one that <c>PYASYNC_TEST_LOOP</c> names.</summary>
internal static partial class SignalScenarios
{
    private static PosixSignalRegistration? s_keep;

    public static int Run(string scenario) => scenario switch
    {
        "host" => RunApp(null, Everything),
        "host-stubborn" => RunApp(null, (runtime, module, _) => runtime.Call(module.GetAttr("stubborn"))),
        "host-returns" => RunApp(null, async (_, _, ct) =>
        {
            Console.WriteLine("ready");
            await Task.Delay(Timeout.Infinite, ct).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new ExitException();
        }),
        "python" => RunApp(SignalHandling.Python, Everything),
        "python-stubborn" => RunApp(SignalHandling.Python, (runtime, module, _) => runtime.Call(module.GetAttr("stubborn"))),
        "python-swallows" => RunApp(SignalHandling.Python, (runtime, module, _) => runtime.Call(module.GetAttr("swallow"))),
        "python-blocked" => RunApp(SignalHandling.Python, Block),
        "python-handler" => RunApp(SignalHandling.Python, (runtime, module, _) => runtime.Call(module.GetAttr("handle"))),
        "python-exits" => RunApp(SignalHandling.Python, After("exit_on_sigterm")),
        "none" => RunApp(SignalHandling.None, Everything),
        "none-but-python" => RunApp(SignalHandling.None, After("interrupt_as_Python_does")),
        "called-by-python" => RunCalledByPython(),
        "forever" => RunForever(),
        "owned-thread" => RunOwnedThread(),
        "generic-host" => RunHost(onMainThread: false),
        "host-on-main" => RunHost(onMainThread: true),
        "interrupt-before-step" => RunApp(SignalHandling.None, (runtime, module, ct) => runtime.Call(module.GetAttr("step_and_interrupt"), ["before"], ct)),
        "interrupt-after-step" => RunApp(SignalHandling.None, (runtime, module, ct) => runtime.Call(module.GetAttr("step_and_interrupt"), ["after"], ct)),
        "interrupt-cancel" => RunApp(SignalHandling.None, InterruptCancel),
        "race-host" => Race(SignalHandling.Host),
        "race-python" => Race(SignalHandling.Python),
        "race-python-twice" => Race(SignalHandling.Python, oneEach: false),
        _ => throw new ArgumentException(scenario),
    };

    private static int RunApp(SignalHandling? signals, Func<IRuntime, PyObject, CancellationToken, Task> main)
    {
        int exitCode = 0;
        return PyAsyncApp.Run(
            async (runtime, ct) =>
            {
                PyObject module = await runtime.InvokeAsync(() => PyObject.ImportSource(Source), ct);
                try
                {
                    await main(runtime, module, ct);
                }
                catch (ExitException)
                {
                    exitCode = 5;
                }

                return exitCode;
            },
            configure: services => services.AddPyAsync(options => options.Signals = signals).UseEventLoop(TestLoops.Name));
    }

    /// <summary>A runtime without dependency injection; nobody answers signals for it unless it is said.</summary>
    private static IRuntime CreateRuntime(SignalHandling? signals = null) =>
        PyAsyncRuntime.Create(new ThreadPoolBackend(), new PyAsyncOptions { Signals = signals }, TestLoops.Create());

    /// <summary>Work on both sides, with a token and without, awaited and in the background.</summary>
    private static Task Everything(IRuntime runtime, PyObject module, CancellationToken ct) => Everything(runtime, module, ct, CancellationToken.None);

    private static async Task Everything(IRuntime runtime, PyObject module, CancellationToken ct, CancellationToken another)
    {
        PyObject work = module.GetAttr("work");
        Task background = runtime.Call(work, ["background"], ct);
        Task python = runtime.Call(work, ["Python"], another);
        Task dotnet = runtime.Spawn(WorkOfDotNet, ct);
        await runtime.InvokeAsync(() => true, ct);
        await runtime.InvokeAsync(() => true, ct);
        Console.WriteLine("ready");
        await Task.WhenAll(background, python, dotnet);
    }

    private static async Task WorkOfDotNet(CancellationToken ct)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, ct);
        }
        finally
        {
            Console.WriteLine("C# cleaned up");
        }
    }

    private static Func<IRuntime, PyObject, CancellationToken, Task> After(string preparation) => async (runtime, module, ct) =>
    {
        await runtime.Call(module.GetAttr(preparation), ct: ct);
        await Everything(runtime, module, ct);
    };

    /// <summary>C# has the loop's thread in a C function of Python's.</summary>
    private static async Task Block(IRuntime runtime, PyObject module, CancellationToken ct)
    {
        using var still = new Timer(static _ => Console.WriteLine("blocked"), null, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.2));
        await runtime.InvokeAsync(() => module.GetAttr("time").CallMethod("sleep", [60]), CancellationToken.None);
    }

    /// <summary>A handler that raises while C# has Python cancel something.</summary>
    private static async Task InterruptCancel(IRuntime runtime, PyObject module, CancellationToken ct)
    {
        using PyObject flaky = await runtime.Call(module.GetAttr("make_flaky"), ct: ct);
        using var cancellation = new CancellationTokenSource();
        Task awaiting = await runtime.InvokeAsync(() => runtime.IntoFuture(flaky[0], cancellation.Token), ct);
        await runtime.InvokeAsync(() => true, ct);
        cancellation.Cancel();
        try
        {
            await awaiting;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("interrupt-cancel: cancelled");
        }
    }

    /// <summary>The guide's await_coro, called from a Python program that knows nothing of .NET but this function.</summary>
    private static int RunCalledByPython()
    {
        PythonInterpreter.Start(new PythonInterpreterOptions { UseCallingThread = true });
        using PyObject module = PyObject.ImportSource(Source);
        using IRuntime runtime = CreateRuntime(SignalHandling.Host); // Not asked: Python calls, and Python interrupts.
        using PyObject awaitCoroutine = PyFunction.Create("await_coro", arguments =>
        {
            PyObject coroutine = arguments[0];
            runtime.RunUntilComplete(async ct =>
            {
                Task dotnet = runtime.Spawn(WorkOfDotNet, ct);
                Task python = runtime.IntoFuture(coroutine, ct);
                await runtime.InvokeAsync(() => true, ct);
                await runtime.InvokeAsync(() => true, ct);
                Console.WriteLine("ready");
                await Task.WhenAll(dotnet, python);
            });
            return null;
        });
        module.CallMethod("main", [awaitCoroutine]).Dispose();
        return 0;
    }

    private static int RunForever()
    {
        using IRuntime runtime = CreateRuntime(SignalHandling.Host);
        using PyObject module = runtime.RunUntilComplete(_ => runtime.InvokeAsync(() => PyObject.ImportSource(Source)));
        Task work = runtime.Call(module.GetAttr("work"), ["Python"]);
        Task dotnet = runtime.Spawn(WorkOfDotNet);
        runtime.GetCurrentLoop().Post(() => runtime.GetCurrentLoop().Post(() => Console.WriteLine("ready")));
        try
        {
            runtime.RunForever();
            return 0;
        }
        catch (SignalReceivedException e)
        {
            Console.WriteLine($"work still there: {!work.IsCompleted && !dotnet.IsCompleted}");
            return e.ExitCode;
        }
    }

    private static int RunOwnedThread()
    {
        IRuntime runtime = CreateRuntime();
        runtime.StartAsync().Wait();
        PyObject module = runtime.InvokeAsync(() => PyObject.ImportSource(Source)).Result;
        Everything(runtime, module, CancellationToken.None).Wait();
        return 0;
    }

    /// <summary>A thousand runs, each with a signal about when it ends: whatever comes first, the run ends once, as one or the other.</summary>
    private static int Race(SignalHandling signals, bool oneEach = true)
    {
        // Signals that come between two runs, or after the last, are no matter.
        s_keep = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        using IRuntime runtime = CreateRuntime(signals);
        using PyObject module = runtime.RunUntilComplete(_ => runtime.InvokeAsync(() => PyObject.ImportSource(Source)));
        using PyObject interruptOneself = module.GetAttr("interrupt_oneself");
        using PyObject waitForSenders = module.GetAttr("wait_for_senders");
        int done = 0;
        int interrupted = 0;
        for (int i = 0; i < 1_000; i++)
        {
            try
            {
                runtime.RunUntilComplete(ct => runtime.Call(interruptOneself, ct: ct));
                done++;
            }
            catch (Exception e) when (e is SignalReceivedException or PythonException { Error.ExitCode: 130 })
            {
                interrupted++;
            }
            catch (PythonException e) when (!oneEach && TestLoops.Name == "uvloop" && e.Message.Contains("already running", StringComparison.Ordinal))
            {
                // A third interrupt, which raises anywhere, has hit uvloop's own beginning or end of a run. It must be possible to end even so.
                break;
            }

            if (oneEach)
            {
                waitForSenders.Call().Dispose();
            }
        }

        Console.WriteLine($"{done + interrupted} runs, some done: {done > 0}, some interrupted: {interrupted > 0}");
        return 0;
    }

    private static int RunHost(bool onMainThread)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPyAsync().UseEventLoop(TestLoops.Name);
        builder.Services.AddHostedService<Service>();
        IHost host = builder.Build();
        if (onMainThread)
        {
            host.RunPyAsync();
        }
        else
        {
            host.Run();
        }

        return 0;
    }

    private sealed class ExitException : Exception;

    private sealed class Service(IRuntime runtime) : BackgroundService
    {
        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await base.StopAsync(cancellationToken);
            Console.WriteLine("service stopped");
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            PyObject module = await runtime.InvokeAsync(() => PyObject.ImportSource(Source), stoppingToken);
            await Everything(runtime, module, stoppingToken, stoppingToken);
        }
    }
}
