namespace PyAsync.Backends;

/// <summary>Adds the backend on the loop's own thread.</summary>
public static class EventLoopBuilderExtensions
{
    /// <summary>Makes the backend known as <c>EventLoop</c>. <c>AddPyAsync</c> does.</summary>
    public static IPyAsyncBuilder AddEventLoopBackend(this IPyAsyncBuilder builder) =>
        builder.AddBackend("EventLoop", static (_, _) => new EventLoopBackend());

    /// <summary>Chooses the Python event loop's own thread to run .NET work.</summary>
    public static IPyAsyncBuilder UseEventLoopBackend(this IPyAsyncBuilder builder) => builder.UseBackend("EventLoop");
}
