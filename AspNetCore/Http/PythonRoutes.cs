using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace PyAsync.Http;

/// <summary>
/// Gives a request the route of the Python application instead of the pattern that all its requests share, for what ASP.NET Core and OpenTelemetry report as
/// <c>http.route</c>. From any thread.
/// </summary>
internal sealed class PythonRoutes
{
    private const int MaxKept = 1024;

    private readonly ConcurrentDictionary<string, RouteEndpoint> _endpoints = new();

    /// <summary>Replaces the endpoint of a request by one that names the route.</summary>
    public void Report(HttpContext context, string route)
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint)
        {
            context.SetEndpoint(Find(endpoint, route));
        }
    }

    private RouteEndpoint Find(RouteEndpoint endpoint, string route)
    {
        if (_endpoints.TryGetValue(route, out RouteEndpoint? known))
        {
            return known;
        }

        string all = endpoint.RoutePattern.RawText ?? "/";
        string text = string.Concat(all.AsSpan(0, all.LastIndexOf('/')), route);
        var made = new RouteEndpoint(
            endpoint.RequestDelegate!,
            RoutePatternFactory.Pattern(text, endpoint.RoutePattern.PathSegments),
            endpoint.Order,
            new EndpointMetadataCollection([.. endpoint.Metadata, new RouteName(text)]),
            endpoint.DisplayName);
        return _endpoints.Count < MaxKept ? _endpoints.GetOrAdd(route, made) : made;
    }

    private sealed record RouteName(string Route) : IRouteDiagnosticsMetadata;
}
