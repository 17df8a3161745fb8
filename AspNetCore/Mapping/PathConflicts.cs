using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace PyAsync.Mapping;

/// <summary>Finds paths that are mapped twice. Without it, only the first request to such a path would fail.</summary>
internal static class PathConflicts
{
    /// <exception cref="AsgiApplicationException">Another endpoint has the same path as the application.</exception>
    public static void Check(AsgiEndpoint application, IEnumerable<Endpoint> endpoints)
    {
        RouteEndpoint[] all = [.. endpoints.OfType<RouteEndpoint>()];
        foreach (RouteEndpoint own in all.Where(endpoint => endpoint.Metadata.GetMetadata<AsgiEndpoint>() == application))
        {
            if (Array.Find(all, other => other != own && IsSame(own, other)) is { } twin)
            {
                throw new AsgiApplicationException(
                    $"The path \"{AsgiPath.Of(own.RoutePattern)}\" is mapped twice: by the {own.DisplayName} and by the {Name(twin)}. Map one of them at another path, or require different hosts (RequireHost).");
            }
        }
    }

    private static string Name(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<AsgiEndpoint>() is null ? $"endpoint {endpoint.DisplayName}" : endpoint.DisplayName!;

    /// <summary>True if routing would find both endpoints for a request, and neither better.</summary>
    private static bool IsSame(RouteEndpoint one, RouteEndpoint other) =>
        one.Order == other.Order
        && AsgiPath.Normalize(one.RoutePattern) == AsgiPath.Normalize(other.RoutePattern)
        && other.Metadata.GetMetadata<IHttpMethodMetadata>() is null or { HttpMethods.Count: 0 }
        && Hosts(one).SequenceEqual(Hosts(other), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Hosts(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts.Order(StringComparer.OrdinalIgnoreCase) ?? Enumerable.Empty<string>();
}
