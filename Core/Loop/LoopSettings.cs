using Microsoft.Extensions.Logging;

namespace PyAsync;

/// <summary>What a loop takes over from the runtime that meets it first.</summary>
/// <param name="Logger">Where its failures are told.</param>
/// <param name="BlockingWaitTimeout">How long code may block its thread while it has requests in flight.</param>
internal sealed record LoopSettings(ILogger Logger, TimeSpan BlockingWaitTimeout);
