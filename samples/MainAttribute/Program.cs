namespace MainAttribute;

/// <summary>The guide's quickstart: the attribute generates the entry point, which gives the main thread to Python.</summary>
internal static class Program
{
    [PyAsyncMain]
    internal static async Task MainAsync(IRuntime runtime, CancellationToken cancellationToken)
    {
        // Convert asyncio.sleep into a Task and await it.
        using PyObject asyncio = PyObject.Import("asyncio");
        await runtime.IntoFuture(() => asyncio.CallMethod("sleep", [0.1]), cancellationToken);
        Console.WriteLine($"slept on {runtime.Name}");
    }
}
