using PyAsync;
using PyAsync.Interop;

namespace MainAttribute;

/// <summary>The guide's quickstart: the attribute makes the entry point, which gives the main thread to Python.</summary>
internal static class Program
{
    [PyAsyncMain]
    internal static async Task MainAsync(IRuntime runtime, CancellationToken ct)
    {
        // Convert asyncio.sleep into a Task and await it.
        using PyObject asyncio = PyObject.Import("asyncio");
        await runtime.IntoFuture(() => asyncio.CallMethod("sleep", [0.1]), ct);
        Console.WriteLine($"slept on {runtime.Name}");
    }
}
