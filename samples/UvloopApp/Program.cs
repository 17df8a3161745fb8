namespace UvloopApp;

/// <summary>The guide's uvloop application. In Rust it cannot use the main attribute; here it can.</summary>
internal static class Program
{
    [PyAsyncMain(EventLoop = "uvloop")]
    internal static async Task MainAsync(IRuntime runtime, CancellationToken cancellationToken)
    {
        // Verify that we are on a uvloop.Loop.
        bool isUvloop = await runtime.InvokeAsync(
            () =>
            {
                using PyObject uvloop = PyObject.Import("uvloop");
                using PyObject loopType = uvloop.GetAttr("Loop");
                using PyObject loop = runtime.GetCurrentLoop().GetPythonLoop();
                return loop.IsInstance(loopType);
            },
            cancellationToken);
        if (!isUvloop)
        {
            throw new InvalidOperationException("the current loop is not a uvloop.Loop");
        }

        await Task.Delay(100, cancellationToken);
        Console.WriteLine($"slept on {runtime.Name}");
    }
}
