using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PyAsync;

/// <summary>Adds runtimes to the application's health checks.</summary>
public static class PyAsyncHealthChecksExtensions
{
    /// <summary>Adds a check that the event loop answers within a time.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="key">The runtime's key; null for the one without.</param>
    /// <param name="timeout">The time in which the loop has to respond; null for 1 s.</param>
    /// <param name="failureStatus">The status to report for a failure; null for unhealthy.</param>
    public static IHealthChecksBuilder AddPyAsync(
        this IHealthChecksBuilder builder, string? key = null, TimeSpan? timeout = null, HealthStatus? failureStatus = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            key is null ? "pyasync" : "pyasync-" + key,
            services => new PyAsyncHealthCheck(key is null ? services.GetRequiredService<IRuntime>() : services.GetRequiredKeyedService<IRuntime>(key)),
            failureStatus,
            tags: ["pyasync"],
            timeout ?? TimeSpan.FromSeconds(1)));
    }
}
