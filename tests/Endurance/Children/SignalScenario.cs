using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>A busy process handles signals in Python, and another one ends it: the main work is cancelled and cleans up, and the exit code is the signal's.</summary>
internal static class SignalScenario
{
    private const string Source = """
        import asyncio, signal

        async def handle(count):
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGUSR1, count)

        async def turn(x):
            await asyncio.sleep(0)
            return x
        """;

    public static int Run(Combination combination, Random random) => PyAsyncApp.Run(
        async (runtime, ct) =>
        {
            int handled = 0;
            PyObject module = await runtime.InvokeAsync(static () => PyObject.ImportSource(Source, "endurance_signal"), ct);
            PyObject count = PyFunction.Create("count", _ =>
            {
                Console.WriteLine($"handled {++handled}");
                return null;
            });
            await runtime.CallAsync(module.GetAttr("handle"), [count], ct);
            Console.WriteLine("ready");
            PyObject turn = module.GetAttr("turn");
            try
            {
                // Until the signal.
                for (long i = 0; ; i++)
                {
                    long[] results = await Task.WhenAll(Enumerable.Range(0, random.Next(1, 50)).Select(x => runtime.CallAsync<long>(turn, [x], ct)));
                    if (results.Where(static (result, x) => result != x).Any())
                    {
                        Console.WriteLine("a wrong result");
                        return 1;
                    }
                }
            }
            finally
            {
                Console.WriteLine("cleaned up");
            }
        },
        ["--Logging:LogLevel:Default=Warning", $"--PyAsync:Backend={combination.Backend}", $"--PyAsync:EventLoop={combination.Loop}"]);
}
