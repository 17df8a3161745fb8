using Microsoft.Extensions.Logging;

namespace PyAsync;

/// <summary>What a runtime offers its backend.</summary>
/// <param name="Logger">For what the backend has to say; failures of work are not its business.</param>
/// <param name="TimeProvider">The clock to use.</param>
public sealed record BackendStart(ILogger Logger, TimeProvider TimeProvider);
