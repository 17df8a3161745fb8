using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>A configuration section that was passed to <c>AddPyAsync</c> or <c>AddKeyedPyAsync</c>.</summary>
/// <param name="Key">The runtime's key; null for the one without.</param>
/// <param name="Section">The section.</param>
internal sealed record RuntimeSection(string? Key, IConfiguration Section)
{
    /// <summary>Gets the sections that a runtime reads.</summary>
    public static IEnumerable<IConfiguration> Of(IServiceProvider services, string? key) =>
        OfHost(services, key) is { } host ? [host] : Given(services, key);

    /// <summary>Gets the section that a runtime reads if none was passed: <c>PyAsync</c>, or below it the one of the runtime's key. Null without a host.</summary>
    public static IConfiguration? OfHost(IServiceProvider services, string? key) =>
        Given(services, key).Any()
            ? null
            : services.GetService<IConfiguration>()?.GetSection(key is null ? PyAsyncOptions.SectionName : $"{PyAsyncOptions.SectionName}:{key}");

    private static IEnumerable<IConfiguration> Given(IServiceProvider services, string? key) =>
        services.GetServices<RuntimeSection>().Where(section => section.Key == key).Select(static section => section.Section);
}
