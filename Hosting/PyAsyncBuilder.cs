using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>The builder for one runtime.</summary>
internal sealed class PyAsyncBuilder(IServiceCollection services, string? key) : IPyAsyncBuilder
{
    public IServiceCollection Services { get; } = services;

    public string? Key { get; } = key;
}
