using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Code on the event loop's own thread waited (<c>Result</c>, <c>Wait</c>, a lock) while the loop had requests in flight, which it cannot do as
/// long as its thread waits. Python sees a <c>RuntimeError</c>.
/// </summary>
public sealed class LoopBlockedException : InvalidOperationException, IPythonExceptionName
{
    internal LoopBlockedException(TimeSpan waited)
        : base(
            $"This code runs on the event loop's own thread and has blocked it for {waited.TotalSeconds:0.###} s while the loop had requests in flight: it may be waiting for the loop itself, and then for ever. "
            + "Await instead of blocking: make the function asynchronous (FunctionIntoPy), or move the work off the loop with IRuntime.Spawn or SpawnBlocking. PyAsync:BlockingWaitTimeout sets the limit.")
    {
    }

    string IPythonExceptionName.PythonName => "RuntimeError";
}
