using PyAsync;
using PyAsync.Interop;

namespace NativeModule;

/// <summary>Async functions written in C#.</summary>
[PyModule("my_async_module")]
public static class MyAsyncModule
{
    /// <summary>Sleeps on .NET's timers, while the event loop goes on.</summary>
    /// <param name="seconds">For how long.</param>
    /// <param name="ct">Fires when Python cancels.</param>
    [PyFunction]
    public static async Task Sleep(double seconds = 1, CancellationToken ct = default) => await Task.Delay(TimeSpan.FromSeconds(seconds), ct);

    /// <summary>Runs a coroutine to its end from a thread that runs no loop.</summary>
    [PyFunction]
    public static void AwaitCoro(IRuntime runtime, PyObject coro) => runtime.RunUntilComplete(ct => runtime.IntoFuture(coro, ct));

    /// <summary>Calls a coroutine function first, and runs what it gives to its end.</summary>
    [PyFunction]
    public static void AwaitCallable(IRuntime runtime, PyObject callable) => runtime.RunUntilComplete(ct => runtime.Call(callable, ct: ct));
}
