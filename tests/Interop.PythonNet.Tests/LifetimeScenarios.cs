using PyAsync.Interop;
using Python.Runtime;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Tests;

/// <summary>The scenarios of the child processes of <see cref="LifetimeTests"/>: which library starts Python, which ends first, and the events in between.</summary>
internal static class LifetimeScenarios
{
    public static async Task<int> Run(string scenario)
    {
        switch (scenario)
        {
            case "pyasync-first":
                using (IRuntime runtime = await Start())
                {
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                }

                return 0;

            case "pyasync-first-without-the-adapter":
                using (IRuntime runtime = await Start())
                {
                    Runtime.PythonDLL = PythonInterpreter.Current.Installation.LibraryPath;
                    PythonEngine.Initialize();
                    PythonEngine.BeginAllowThreads();
                    Console.WriteLine(await runtime.InvokeAsync(() => PyObject.Import("math").CallMethod<double>("sqrt", [4.0])));
                    UsePythonNet();
                }

                return 0;

            case "pyasync-first-nothing-disposed":
                {
                    IRuntime runtime = await Start();
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                    LeaveWork(runtime);
                    return 0;
                }

            case "pyasync-first-pythonnet-ends-first":
                using (IRuntime runtime = await Start())
                {
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                    PythonEngine.Shutdown();
                    await UsePyAsync(runtime);
                }

                return 0;

            case "pyasync-first-pyasync-ends-first":
                using (IRuntime runtime = await Start())
                {
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                }

                UsePythonNet();
                PythonEngine.Shutdown();
                return 0;

            case "pythonnet-first":
                StartPythonNet();
                PyAsyncCodecs.Register();
                UseCodecs();
                return 0;

            case "pythonnet-first-pythonnet-ends-first":
                StartPythonNet();
                using (IRuntime runtime = await Start())
                {
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                    UseCodecs();
                    PythonEngine.Shutdown();
                    await UsePyAsync(runtime);
                }

                return 0;

            case "pythonnet-first-pyasync-ends-first":
                StartPythonNet();
                using (IRuntime runtime = await Start())
                {
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                }

                UsePythonNet();
                PythonEngine.Shutdown();
                return 0;

            case "pythonnet-first-nothing-disposed":
                {
                    StartPythonNet();
                    IRuntime runtime = await Start();
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                    LeaveWork(runtime);
                    return 0;
                }

            case "pythonnet-ends-while-the-loop-is-busy":
                using (IRuntime runtime = await Start())
                {
                    PyAsyncCodecs.Register(runtime);
                    await UseBoth(runtime);
                    using PyObject module = await Module(runtime);
                    Task<bool> busy = runtime.CallAsync<bool>(module.GetAttr("burn"));
                    PythonEngine.Shutdown();
                    module.SetAttr("stop", true);
                    Console.WriteLine(await busy);
                    await UsePyAsync(runtime);
                }

                return 0;

            case "conversions-after-the-end":
                using (IRuntime runtime = await Start())
                {
                    PyAsyncCodecs.Register(runtime);
                    var pending = new TaskCompletionSource<Customer>();
                    using PyObject awaited = runtime.FutureIntoPy(pending.Task, PythonNetConvert.For<Customer>());
                    Task<PyObject> result = runtime.IntoFuture(awaited);
                    PythonEngine.Shutdown();
                    pending.SetResult(new Customer());
                    await Tell(() => result);
                    await Tell(() => Task.FromResult(awaited.ToPythonNet()));
                    await UsePyAsync(runtime);
                }

                return 0;

            case "gil-not-given-up":
                using (IRuntime runtime = new ThreadPoolBackend().CreateRuntime())
                {
                    using var notified = new ManualResetEventSlim();
                    Thread forgetful = StartForgetfully(notified);
                    await Tell(() => runtime.StartAsync());
                    notified.Set();
                    forgetful.Join();
                    await runtime.StartAsync();
                    await UsePyAsync(runtime);
                }

                return 0;

            case "nothing-started":
                await Tell(() => Task.Run(PyAsyncCodecs.Register));
                using (IRuntime runtime = new ThreadPoolBackend().CreateRuntime())
                {
                    await Tell(() => Task.Run(() => PyAsyncCodecs.Register(runtime)));
                }

                return 0;

            case "pythonnet-not-initialised":
                using (IRuntime runtime = await Start())
                {
                    await Tell(() => Task.Run(() => PyObject.None.ToPythonNet()));
                }

                return 0;

            default:
                throw new ArgumentException(scenario);
        }
    }

    private static async Task<IRuntime> Start()
    {
        IRuntime runtime = new ThreadPoolBackend().CreateRuntime();
        await runtime.StartAsync();
        return runtime;
    }

    private static void StartPythonNet()
    {
        // PYTHONNET_PYDLL selects the Python.
        PythonEngine.Initialize();
        PythonEngine.BeginAllowThreads();
    }

    /// <summary>Starts Python on a thread that holds the GIL until it is notified.</summary>
    private static Thread StartForgetfully(ManualResetEventSlim notified)
    {
        using var started = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            PythonEngine.Initialize();
            started.Set();
            notified.Wait();
            PythonEngine.BeginAllowThreads();
        }) { IsBackground = true };
        thread.Start();
        started.Wait();
        return thread;
    }

    private static async Task UseBoth(IRuntime runtime)
    {
        await UsePyAsync(runtime);
        Task<int> doubled = runtime.IntoFuture<int>(() =>
        {
            using PyModule scope = Py.CreateScope();
            scope.Set("service", new Service());
            scope.Exec("import asyncio, atexit\natexit.register(print, 'atexit')\nasync def main():\n    await asyncio.sleep(0)\n    return await service.Later(21)");
            return scope.InvokeMethod("main");
        });
        Console.WriteLine(await doubled);
        UsePythonNet();
    }

    private static async Task UsePyAsync(IRuntime runtime)
    {
        using PyObject module = await Module(runtime);
        using PyObject square = module.GetAttr("square");
        Console.WriteLine(await runtime.CallAsync<int>(square, [7]));
    }

    private static Task<PyObject> Module(IRuntime runtime) =>
        runtime.InvokeAsync(() => PyObject.ImportSource(
            """
            import asyncio
            stop = False
            async def square(x):
                await asyncio.sleep(0.001)
                return x * x
            async def burn():
                while not stop:
                    pass
                return stop
            """));

    private static void UsePythonNet()
    {
        using Py.GILState gil = Py.GIL();
        using Python.Runtime.PyObject math = Py.Import("math");
        using Python.Runtime.PyObject root = math.InvokeMethod("sqrt", new PyFloat(9));
        Console.WriteLine(root.As<double>());
    }

    private static void UseCodecs()
    {
        using Py.GILState gil = Py.GIL();
        using PyModule scope = Py.CreateScope();
        scope.Set("service", new Service());
        scope.Exec("import asyncio\nasync def main():\n    return await service.Later(21)\nresult = asyncio.run(main())");
        using Python.Runtime.PyObject result = scope.Get("result");
        Console.WriteLine(result.As<int>());
    }

    private static void LeaveWork(IRuntime runtime)
    {
        using PyObject sleep = PyObject.Import("asyncio").GetAttr("sleep");
        for (int i = 0; i < 50; i++)
        {
            _ = runtime.CallAsync(sleep, [60]);
            _ = runtime.Spawn(cancellationToken => Task.Delay(TimeSpan.FromMinutes(1), cancellationToken));
        }
    }

    private static async Task Tell(Func<Task> action)
    {
        try
        {
            await action();
            Console.WriteLine("nothing was thrown");
        }
        catch (Exception e)
        {
            Console.WriteLine($"{e.GetType().Name}: {e.Message}");
        }
    }
}
