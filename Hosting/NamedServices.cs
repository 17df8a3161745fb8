using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>Finds backends and event loops by the names that configuration uses. The latest registration of a name counts.</summary>
internal static class NamedServices
{
    /// <summary>The short name of the backend for the thread pool with uvloop.</summary>
    private const string UvloopShortForm = "Uvloop";

    /// <summary>The former name of the backend <c>LoopThread</c> in configuration.</summary>
    private const string OldNameOfLoopThread = "EventLoop";

    /// <summary>Finds a backend. A name that is not registered may be a former one.</summary>
    public static BackendRegistration? Backend(IServiceProvider services, string name)
    {
        BackendRegistration[] registrations = [.. services.GetServices<BackendRegistration>()];
        return registrations.LastOrDefault(registration => Same(registration.Name, name))
            ?? (Same(name, OldNameOfLoopThread) ? registrations.LastOrDefault(static registration => Same(registration.Name, "LoopThread")) : null);
    }

    public static EventLoopFactory? EventLoop(IServiceProvider services, string name) =>
        services.GetServices<EventLoopFactory>().LastOrDefault(factory => Same(factory.Name, name));

    /// <summary>Gets the problem with a backend that is not registered.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The backend's name.</param>
    /// <param name="eventLoop">The name of the event loop.</param>
    public static string UnknownBackend(IServiceProvider services, string name, string eventLoop) =>
        Same(name, UvloopShortForm) && EventLoop(services, UvloopShortForm) is not null
            ? $"PyAsync:Backend is \"{name}\", which is short for the thread pool with uvloop, but PyAsync:EventLoop is \"{eventLoop}\". Remove PyAsync:EventLoop for uvloop, or set PyAsync:Backend to \"ThreadPool\" for {eventLoop}."
            : $"PyAsync:Backend is \"{name}\", which is not registered.{Suggestion(BackendNames(services), name)} Known: {List(BackendNames(services))}. Add a custom backend with AddPyAsync(…).AddBackend<TBackend>(\"{name}\").";

    public static string UnknownEventLoop(IServiceProvider services, string name) =>
        $"PyAsync:EventLoop is \"{name}\", which is not registered.{Suggestion(EventLoopNames(services), name)} Known: {List(EventLoopNames(services))}. Add a custom loop with AddPyAsync(…).AddEventLoop(factory).";

    /// <summary>Gets a sentence with the known name that is the most similar to a misspelt one; empty if none is similar.</summary>
    public static string Suggestion(IEnumerable<string> known, string name) => SimilarNames.Closest(known, name) is { } similar ? $" Did you mean {similar}?" : "";

    /// <summary>Lists names for a message, each once, in order.</summary>
    public static string List(IEnumerable<string> names) =>
        string.Join(", ", names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<string> EventLoopNames(IServiceProvider services) => services.GetServices<EventLoopFactory>().Select(static factory => factory.Name);

    /// <summary>Gets the names of the backends, and the short form for a backend with a loop if that loop is registered.</summary>
    private static IEnumerable<string> BackendNames(IServiceProvider services)
    {
        IEnumerable<string> names = services.GetServices<BackendRegistration>().Select(static registration => registration.Name);
        return EventLoop(services, UvloopShortForm) is null ? names : names.Append(UvloopShortForm);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
