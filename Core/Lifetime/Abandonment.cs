using Microsoft.Extensions.Logging;
using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>Ends the process when a runtime's time is up and something blocks the loop's thread, so that the loop cannot end.</summary>
internal sealed class Abandonment(RuntimeParts parts, RuntimePhase phase, WorkInFlight work)
{
    /// <summary>Starts the time for the end, for a program that has nothing else to do. If something still blocks the loop when the time is up, the process ends.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="hostsTime">The rest of the host's time for its shutdown, which shortens the runtime's; infinite if there is no limit.</param>
    /// <returns>A handle to dispose when the runtime has ended.</returns>
    public IDisposable BeginLastEnd(int exitCode, TimeSpan hostsTime)
    {
        parts.Shutdown.BeginEnd();
        if (hostsTime != Timeout.InfiniteTimeSpan)
        {
            parts.Shutdown.CutToHost(hostsTime + EndTimes.WithHost);
        }

        return ShutdownWatch.Start(parts.Shutdown, static () => { }, () => Abandon(exitCode));
    }

    /// <summary>Ends the process, because the time is up and something blocks the loop's thread. Returns only if the process is ending already.</summary>
    public void Abandon(int exitCode)
    {
        if (phase.ProcessEnds)
        {
            return;
        }

        parts.Logger.LogWarning("The process ends after {Waited} without waiting longer ({Limit}) for: {Late}.", parts.Shutdown.Waited, parts.Shutdown.Limit, work.Describe(isBlocked: true));
        phase.Abandon();
        PythonInterpreter.Current.EndTimeout = EndTimes.WithProcess;
        Environment.Exit(exitCode);
    }
}
