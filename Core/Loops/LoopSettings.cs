using Microsoft.Extensions.Logging;

namespace PyAsync.Loops;

/// <summary>The settings that a loop takes over from the runtime that uses it first.</summary>
/// <param name="Logger">Receives the loop's failures.</param>
/// <param name="BlockingWaitTimeout">The time that code may block the loop's thread while the loop has requests in flight.</param>
internal sealed record LoopSettings(ILogger Logger, TimeSpan BlockingWaitTimeout);
