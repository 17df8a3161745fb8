using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>The builder that <c>AddPyAsync</c> returns. Backends and event loops register themselves with it.</summary>
public interface IPyAsyncBuilder
{
    /// <summary>Gets the services being configured.</summary>
    IServiceCollection Services { get; }

    /// <summary>Gets the key of the runtime being configured; null for the one without a key.</summary>
    string? Key { get; }
}
