using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PyAsync.Interop;
using PyAsync.Mapping;

namespace PyAsync;

/// <summary>Makes ASGI applications (FastAPI, Starlette, Django, Quart) endpoints of ASP.NET Core.</summary>
public static class AsgiEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Adds an ASGI application at a path, and below it. The host's start imports and starts the application, and its stop stops it. Endpoints of C# with a more
    /// specific path come first.
    /// </summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="path">The path, such as <c>/api</c>; <c>/</c> for all. Segments may be route parameters, such as <c>/api/{tenant}</c>, but no wildcards.</param>
    /// <param name="application">The Python module and the attribute in it, such as <c>main:app</c>.</param>
    /// <param name="configure">Changes the settings; null for none.</param>
    /// <returns>A builder for conventions of the endpoint, such as <c>RequireAuthorization</c> and <c>RequireRateLimiting</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPyAsync</c> was not called.</exception>
    /// <exception cref="ArgumentException">A setting is out of its range, the path has a wildcard, or a parameter is empty.</exception>
    /// <exception cref="ArgumentNullException">A parameter other than <paramref name="configure"/> is null.</exception>
    /// <remarks>
    /// To be called before the host's start, on any thread, without the GIL. The start fails with an <see cref="AsgiApplicationException"/> if the application cannot be imported,
    /// if its lifespan fails, or if the same path is mapped twice. Requests run on threads of the web server without the GIL, and in Python on the loop's thread.
    /// </remarks>
    public static IEndpointConventionBuilder MapAsgi(this IEndpointRouteBuilder endpoints, string path, string application, Action<AsgiOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(application);
        return Map(endpoints, path, $"\"{application}\"", endpoint => AsgiModule.Current.Load(application, endpoint.ApplicationDirectory, endpoint.Options.IsFactory), configure);
    }

    /// <summary>Adds an ASGI application that C# code finds or makes.</summary>
    /// <param name="endpoints">The endpoints of the application.</param>
    /// <param name="path">The path, such as <c>/api</c>; <c>/</c> for all. Segments may be route parameters, such as <c>/api/{tenant}</c>, but no wildcards.</param>
    /// <param name="application">Returns the Python application, which the endpoint disposes. Called at the host's start on the loop's thread, with the GIL.</param>
    /// <param name="configure">Changes the settings; null for none.</param>
    /// <returns>A builder for conventions of the endpoint.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPyAsync</c> was not called.</exception>
    /// <exception cref="ArgumentException">A setting is out of its range, or the path is empty or has a wildcard.</exception>
    /// <exception cref="ArgumentNullException">A parameter other than <paramref name="configure"/> is null.</exception>
    /// <remarks>
    /// To be called before the host's start, on any thread, without the GIL. An exception of <paramref name="application"/> fails the start. So do an application whose lifespan
    /// fails and a path that is mapped twice, with an <see cref="AsgiApplicationException"/>.
    /// </remarks>
    public static IEndpointConventionBuilder MapAsgi(this IEndpointRouteBuilder endpoints, string path, Func<PyObject> application, Action<AsgiOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        return Map(endpoints, path, $"at {path}", _ => application(), configure);
    }

    private static IEndpointConventionBuilder Map(
        IEndpointRouteBuilder endpoints, string path, string name, Func<AsgiEndpoint, PyObject> find, Action<AsgiOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        HostParticipants participants = endpoints.ServiceProvider.GetService<HostParticipants>()
            ?? throw new InvalidOperationException("An ASGI application needs a runtime: call builder.Services.AddPyAsync() before builder.Build().");
        var options = new AsgiOptions();
        configure?.Invoke(options);
        options.Validate();
        string[] segments = AsgiPath.Split(path);
        var endpoint = new AsgiEndpoint(name, find, segments.Length, options, endpoints.ServiceProvider);
        participants.Add(endpoint);
        return endpoints.Map($"/{string.Join('/', segments.Append("{**asgi_path}"))}", endpoint.HandleAsync).WithDisplayName($"ASGI application {name}").WithMetadata(endpoint);
    }
}
