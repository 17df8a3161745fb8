using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>What <c>AddPyAsync</c> returns: where backends and event loops add themselves.</summary>
public interface IPyAsyncBuilder
{
    /// <summary>The services being configured.</summary>
    IServiceCollection Services { get; }

    /// <summary>The key of the runtime being configured; null for the one without a key.</summary>
    string? Key { get; }
}
