using Microsoft.Extensions.Logging;

namespace PyAsync;

/// <summary>Carries the services that a runtime provides to its backend.</summary>
/// <param name="Logger">Logs the backend's messages. The runtime itself reports failures of work.</param>
/// <param name="TimeProvider">The clock to use.</param>
public sealed record BackendStart(ILogger Logger, TimeProvider TimeProvider);
