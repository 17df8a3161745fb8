using PyAsync.Interop;

namespace PyAsync.Tests;

// Handlers that raise where the bridge is about to do something.
internal static partial class SignalScenarios
{
    /// <summary>A handler that raises just before the loop runs, when the main work has begun: it neither stops the next run nor outlives the runtime.</summary>
    private static int InterruptBegin()
    {
        using IRuntime runtime = CreateRuntime();
        using PyObject module = runtime.RunUntilComplete(_ => runtime.InvokeAsync(() => PyObject.ImportSource(Source)));
        var main = new TaskCompletionSource();
        InterruptBegin(runtime, module, _ => main.Task);
        main.SetResult();
        using var stop = new CancellationTokenSource();
        using PyObject requestStop = PyFunction.Create("stop", stop.Cancel);
        Task turns = runtime.CallAsync(module.GetAttr("take_turns"), [requestStop]);
        runtime.RunForever(stop.Token);
        Console.WriteLine($"stopped by its token: {stop.IsCancellationRequested}");

        CancellationToken token = default;
        InterruptBegin(runtime, module, async mainToken => await Task.Delay(Timeout.Infinite, token = mainToken));
        runtime.Dispose();
        Console.WriteLine($"main work cancelled: {token.IsCancellationRequested}");
        return 0;
    }

    private static void InterruptBegin(IRuntime runtime, PyObject module, Func<CancellationToken, Task> main)
    {
        using var begun = new ManualResetEventSlim();
        module.CallMethod("interrupt_begin").Dispose();
        try
        {
            runtime.RunUntilComplete(cancellationToken =>
            {
                Task work = main(cancellationToken);
                begun.Set();
                return work;
            });
        }
        catch (PythonException e) when (e.IsInstanceOf("KeyboardInterrupt"))
        {
            begun.Wait();
        }
    }
}
