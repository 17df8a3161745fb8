namespace NativeModule;

/// <summary>Async functions written in C#.</summary>
[PyModule("my_async_module")]
public static class MyAsyncModule
{
    /// <summary>Sleeps on .NET's timers, while the event loop continues.</summary>
    /// <param name="seconds">The time in seconds.</param>
    /// <param name="cancellationToken">Fires when Python cancels.</param>
    [PyFunction]
    public static async Task Sleep(double seconds = 1, CancellationToken cancellationToken = default) => await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);

    /// <summary>Runs a coroutine to its end on a thread without a running loop.</summary>
    [PyFunction]
    public static void AwaitCoro(IRuntime runtime, PyObject coro) => runtime.RunUntilComplete(cancellationToken => runtime.IntoFuture(coro, cancellationToken));

    /// <summary>Calls a coroutine function, and runs the coroutine to its end.</summary>
    [PyFunction]
    public static void AwaitCallable(IRuntime runtime, PyObject callable) => runtime.RunUntilComplete(cancellationToken => runtime.CallAsync(callable, cancellationToken: cancellationToken));
}
