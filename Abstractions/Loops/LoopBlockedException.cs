using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Code on the event loop's own thread, or on the only thread of a lane, waited (<c>Result</c>, <c>Wait</c>, a lock) while the loop or the lane had requests in
/// flight, which it cannot complete as long as its thread waits. Python sees a <c>RuntimeError</c>.
/// </summary>
public sealed class LoopBlockedException : InvalidOperationException, IPythonExceptionName
{
    private LoopBlockedException(string message)
        : base(message)
    {
    }

    internal static LoopBlockedException OnLoop(TimeSpan waited) =>
        new($"This code runs on the event loop's own thread and has blocked it for {waited.TotalSeconds:0.###} s while the loop had requests in flight: it may be waiting for the loop itself, which would never end. "
            + "Await instead of blocking: make the function asynchronous (FunctionIntoPy), or move the work off the loop with IRuntime.Spawn or SpawnBlocking. PyAsync:BlockingWaitTimeout sets the limit.");

    internal static LoopBlockedException OnLane(TimeSpan waited) =>
        new($"This code runs on the only thread of its lane and has blocked it for {waited.TotalSeconds:0.###} s while the lane had requests in flight, whose results that thread has to take: it may be waiting for one of them, which would never end. "
            + "Await instead of blocking, or move the work off the lane with IRuntime.SpawnBlocking. PyAsync:BlockingWaitTimeout sets the limit.");

    string IPythonExceptionName.PythonName => "RuntimeError";
}
