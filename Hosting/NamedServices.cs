using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>Backends and event loops by the names that configuration uses. The latest of a name counts.</summary>
internal static class NamedServices
{
    public static BackendRegistration? Backend(IServiceProvider services, string name) =>
        services.GetServices<BackendRegistration>().LastOrDefault(registration => Same(registration.Name, name));

    public static EventLoopFactory? EventLoop(IServiceProvider services, string name) =>
        services.GetServices<EventLoopFactory>().LastOrDefault(factory => Same(factory.Name, name));

    public static string UnknownBackend(IServiceProvider services, string name) =>
        $"PyAsync:Backend is \"{name}\", which nothing has registered. Known: {Known(services.GetServices<BackendRegistration>().Select(static registration => registration.Name))}. A backend of your own is added with AddPyAsync(…).AddBackend<TBackend>(\"{name}\").";

    public static string UnknownEventLoop(IServiceProvider services, string name) =>
        $"PyAsync:EventLoop is \"{name}\", which nothing has registered. Known: {Known(services.GetServices<EventLoopFactory>().Select(static factory => factory.Name))}. A loop of your own is added with AddPyAsync(…).AddEventLoop(factory).";

    private static string Known(IEnumerable<string> names) =>
        string.Join(", ", names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
