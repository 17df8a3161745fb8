using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>A process ends, in one of several ways, with work in flight on both sides. Python's exit functions have to run.</summary>
internal static class ExitScenario
{
    /// <summary>The exit code of the ways that give one.</summary>
    public const int Code = 5;

    public static readonly string[] Ways = ["return", "dispose", "exit", "sys.exit", "main", "main-exit"];

    private const string Source = """
        import asyncio, atexit, sys

        atexit.register(print, "atexit", flush=True)

        async def work(x):
            await asyncio.sleep(x)
            return x

        async def wait(f, x):
            return await f(x)

        async def leave(code):
            sys.exit(code)
        """;

    /// <summary>The exit code that a seed leads to.</summary>
    public static int CodeOf(int seed) => WayOf(new Random(seed)) is "exit" or "sys.exit" or "main-exit" ? Code : 0;

    public static int Run(Combination combination, ILoggerFactory loggers, Random random)
    {
        string way = WayOf(random);
        IRuntime runtime = combination.CreateRuntime(loggers);
        switch (way)
        {
            case "main":
                runtime.RunUntilComplete(_ => Leave(runtime, random));
                return 0;
            case "main-exit":
                runtime.RunUntilComplete(async _ =>
                {
                    await Leave(runtime, random);
                    Environment.Exit(Code);
                });
                return 0;
            case "sys.exit":
                return RunToSystemExit(runtime, random);
        }

        runtime.StartAsync().Wait();
        Leave(runtime, random).Wait();
        if (way == "dispose")
        {
            runtime.Dispose();
        }
        else if (way == "exit")
        {
            Environment.Exit(Code);
        }

        return 0;
    }

    private static string WayOf(Random random) => Ways[random.Next(Ways.Length)];

    private static int RunToSystemExit(IRuntime runtime, Random random)
    {
        try
        {
            runtime.RunUntilComplete(async _ =>
            {
                PyObject module = await Leave(runtime, random);
                await runtime.CallAsync(module.GetAttr("leave"), [Code]);
            });
            return 0;
        }
        catch (PythonException e) when (e.IsInstanceOf("SystemExit"))
        {
            return Code;
        }
    }

    private static async Task<PyObject> Leave(IRuntime runtime, Random random)
    {
        PyObject module = await runtime.InvokeAsync(static () => PyObject.ImportSource(Source, "endurance_exit"));
        PyObject work = module.GetAttr("work"), wait = module.GetAttr("wait");
        PyObject delay = runtime.FunctionIntoPy<double, double>("delay", static async (seconds, ct) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), ct);
            return seconds;
        });
        for (int i = random.Next(1, 200); i > 0; i--)
        {
            double seconds = random.Next(3) == 0 ? 3_600 : random.NextDouble() * 0.01;
            _ = random.Next(3) switch
            {
                0 => runtime.CallAsync<double>(work, [seconds]),
                1 => runtime.CallAsync<double>(wait, [delay, seconds]),
                _ => runtime.Spawn(async ct =>
                {
                    await Task.Delay(TimeSpan.FromSeconds(seconds), ct);
                    return await runtime.CallAsync<double>(work, [seconds], ct);
                }),
            };
        }

        await Task.Delay(random.Next(6));
        Console.WriteLine("left");
        return module;
    }
}
