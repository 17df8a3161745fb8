namespace PyAsync.Signals;

/// <summary>The setting <c>Signals = Python</c> is not possible, because the loop has a thread that the runtime has started.</summary>
internal sealed class SignalsNeedMainThreadException() : InvalidOperationException(
    "PyAsync:Signals is \"Python\", which needs the loop on the main thread, and StartAsync (a host) gives it a dedicated thread: use PyAsyncApp.Run, [PyAsyncMain] or host.RunPyAsync, or leave signals to the host.");
