using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>The scenarios of the child processes of <see cref="SignalTests"/>, on the loop that <c>PYASYNC_TEST_LOOP</c> names.</summary>
internal static partial class SignalScenarios
{
    private static PosixSignalRegistration? s_keep;

    public static int Run(string scenario) => scenario switch
    {
        "host" => RunApp(null, Everything),
        "host-stubborn" => RunApp(null, (runtime, module, _) => runtime.CallAsync(module.GetAttr("stubborn"))),
        "host-returns" => RunApp(null, async (_, _, cancellationToken) =>
        {
            Console.WriteLine("ready");
            await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new ExitException();
        }),
        "python" => RunApp(SignalHandling.Python, Everything),
        "python-stubborn" => RunApp(SignalHandling.Python, (runtime, module, _) => runtime.CallAsync(module.GetAttr("stubborn"))),
        "python-swallows" => RunApp(SignalHandling.Python, (runtime, module, _) => runtime.CallAsync(module.GetAttr("swallow"))),
        "python-blocked" => RunApp(SignalHandling.Python, Block),
        "python-handler" => RunApp(SignalHandling.Python, (runtime, module, _) => runtime.CallAsync(module.GetAttr("handle"))),
        "python-exits" => RunApp(SignalHandling.Python, After("exit_on_sigterm")),
        "none" => RunApp(SignalHandling.None, Everything),
        "none-but-python" => RunApp(SignalHandling.None, After("interrupt_as_Python_does")),
        "called-by-python" => RunCalledByPython(),
        "forever" => RunForever(),
        "owned-thread" => RunOwnedThread(),
        "generic-host" => RunHost(onMainThread: false),
        "host-on-main" => RunHost(onMainThread: true),
        "interrupt-before-step" => RunApp(SignalHandling.None, (runtime, module, cancellationToken) => runtime.CallAsync(module.GetAttr("step_and_interrupt"), ["before"], cancellationToken)),
        "interrupt-after-step" => RunApp(SignalHandling.None, (runtime, module, cancellationToken) => runtime.CallAsync(module.GetAttr("step_and_interrupt"), ["after"], cancellationToken)),
        "interrupt-cancel" => RunApp(SignalHandling.None, InterruptCancel),
        "interrupt-before-run" => InterruptBegin(),
        "interrupt-twice" => RunApp(SignalHandling.None, After("interrupt_twice")),
        "race-host" => Race(SignalHandling.Host),
        "race-python" => Race(SignalHandling.Python),
        "race-python-twice" => Race(SignalHandling.Python, oneEach: false),
        _ => throw new ArgumentException(scenario),
    };

    private static int RunApp(SignalHandling? signals, Func<IRuntime, PyObject, CancellationToken, Task> main)
    {
        int exitCode = 0;
        return PyAsyncApp.Run(
            async (runtime, cancellationToken) =>
            {
                PyObject module = await runtime.InvokeAsync(() => PyObject.ImportSource(Source), cancellationToken);
                try
                {
                    await main(runtime, module, cancellationToken);
                }
                catch (ExitException)
                {
                    exitCode = 5;
                }

                return exitCode;
            },
            ["--Logging:LogLevel:Default=Warning"],
            services => services.AddPyAsync(options => options.Signals = signals).UseEventLoop(TestLoops.Name));
    }

    /// <summary>A runtime without dependency injection; it handles no signals unless that is requested.</summary>
    private static IRuntime CreateRuntime(SignalHandling? signals = null) =>
        PyAsyncRuntime.Create(options: new PyAsyncOptions { Signals = signals }, eventLoop: TestLoops.Create());

    /// <summary>Work on both sides, with a token and without, awaited and in the background.</summary>
    private static Task Everything(IRuntime runtime, PyObject module, CancellationToken cancellationToken) => Everything(runtime, module, cancellationToken, CancellationToken.None);

    private static async Task Everything(IRuntime runtime, PyObject module, CancellationToken cancellationToken, CancellationToken another)
    {
        PyObject work = module.GetAttr("work");
        Task background = runtime.CallAsync(work, ["background"], cancellationToken);
        Task python = runtime.CallAsync(work, ["Python"], another);
        Task dotnet = await BeginWorkOfDotNet(runtime, cancellationToken);
        await runtime.InvokeAsync(() => true, cancellationToken);
        await runtime.InvokeAsync(() => true, cancellationToken);
        Console.WriteLine("ready");
        await Task.WhenAll(background, python, dotnet);
    }

    /// <summary>Returns the work once it has begun: work that is cancelled before has nothing to clean up.</summary>
    private static async Task<Task> BeginWorkOfDotNet(IRuntime runtime, CancellationToken cancellationToken)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task work = runtime.Spawn(token => WorkOfDotNet(begun, token), cancellationToken);
        await Task.WhenAny(begun.Task, work);
        return work;
    }

    private static async Task WorkOfDotNet(TaskCompletionSource begun, CancellationToken cancellationToken)
    {
        try
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            Console.WriteLine("C# cleaned up");
        }
    }

    private static Func<IRuntime, PyObject, CancellationToken, Task> After(string preparation) => async (runtime, module, cancellationToken) =>
    {
        await runtime.CallAsync(module.GetAttr(preparation), cancellationToken: cancellationToken);
        await Everything(runtime, module, cancellationToken);
    };

    /// <summary>
    /// C# blocks the loop's thread in a Python C function: a match that would take years, and that checks for signals repeatedly. A signal that arrives
    /// just before <c>time.sleep</c> would wait for the end of the sleep.
    /// </summary>
    private static async Task Block(IRuntime runtime, PyObject module, CancellationToken cancellationToken) =>
        await runtime.InvokeAsync(
            () =>
            {
                PyObject pattern = module.CallMethod("count_interrupts");
                Console.WriteLine("blocked");
                pattern.CallMethod("match", [new string('a', 100) + "b"]).Dispose();
            },
            CancellationToken.None);

    /// <summary>A handler that raises while C# cancels something in Python.</summary>
    private static async Task InterruptCancel(IRuntime runtime, PyObject module, CancellationToken cancellationToken)
    {
        using PyObject flaky = await runtime.CallAsync(module.GetAttr("make_flaky"), cancellationToken: cancellationToken);
        using var cancellation = new CancellationTokenSource();
        Task awaiting = await runtime.InvokeAsync(() => runtime.IntoFuture(flaky[0], cancellation.Token), cancellationToken);
        await runtime.InvokeAsync(() => true, cancellationToken);
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

    /// <summary>The guide's await_coro, called from a Python program whose only use of .NET is this function.</summary>
    private static int RunCalledByPython()
    {
        PythonInterpreter.Start(new PythonInterpreterOptions { UseCallingThread = true });
        using PyObject module = PyObject.ImportSource(Source);
        using IRuntime runtime = CreateRuntime(SignalHandling.Host); // Ignored: Python called, so Python interrupts.
        using PyObject awaitCoroutine = PyFunction.Create("await_coro", arguments =>
        {
            PyObject coroutine = arguments[0];
            runtime.RunUntilComplete(async cancellationToken =>
            {
                Task dotnet = await BeginWorkOfDotNet(runtime, cancellationToken);
                Task python = runtime.IntoFuture(coroutine, cancellationToken);
                await runtime.InvokeAsync(() => true, cancellationToken);
                await runtime.InvokeAsync(() => true, cancellationToken);
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
        Task work = runtime.CallAsync(module.GetAttr("work"), ["Python"]);
        Task dotnet = BeginWorkOfDotNet(runtime, CancellationToken.None).Result;
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

    /// <summary>A thousand runs, each with a signal at about its end: the run ends once, by the signal or by its result.</summary>
    private static int Race(SignalHandling signals, bool oneEach = true)
    {
        // Signals between two runs, or after the last one, have no effect.
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
                runtime.RunUntilComplete(cancellationToken => runtime.CallAsync(interruptOneself, [i], cancellationToken));
                done++;
            }
            catch (Exception e) when (e is SignalReceivedException or PythonException { Error.ExitCode: 130 })
            {
                interrupted++;
            }
            catch (PythonException e) when (!oneEach && TestLoops.Name == "uvloop" && e.Message.Contains("already running", StringComparison.Ordinal))
            {
                // A third interrupt, which raises anywhere, has interrupted uvloop's own beginning or end of a run. The program must be able to end nevertheless.
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
