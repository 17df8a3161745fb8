using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PyAsync;

/// <summary>Checks that the event loop responds: a loop that is blocked, or gone, does not.</summary>
internal sealed class PyAsyncHealthCheck(IRuntime runtime) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        long started = TimeProvider.System.GetTimestamp();
        try
        {
            await runtime.InvokeAsync(static () => true, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new HealthCheckResult(
                context.Registration.FailureStatus,
                $"The event loop of {runtime.Name} did not answer in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s: something blocks its thread.");
        }
        catch (InvalidOperationException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The event loop of {runtime.Name} accepts no calls.", e);
        }

        return HealthCheckResult.Healthy(
            $"The event loop of {runtime.Name} answered in {TimeProvider.System.GetElapsedTime(started).TotalMilliseconds:0.0} ms.");
    }
}
