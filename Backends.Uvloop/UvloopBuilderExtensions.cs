using Microsoft.Extensions.DependencyInjection;

namespace PyAsync.Backends;

/// <summary>Adds uvloop.</summary>
public static class UvloopBuilderExtensions
{
    /// <summary>
    /// Makes uvloop known as the event loop <c>uvloop</c>, for use over every backend, and <c>"Backend": "Uvloop"</c> as a short form of the thread
    /// pool with uvloop. <c>AddPyAsync</c> does.
    /// </summary>
    public static IPyAsyncBuilder AddUvloop(this IPyAsyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.PostConfigureAll<PyAsyncOptions>(static options =>
        {
            if (string.Equals(options.Backend, "Uvloop", StringComparison.OrdinalIgnoreCase))
            {
                options.Backend = "ThreadPool";
                options.EventLoop = "uvloop";
            }
        });
        return builder.AddEventLoop(new UvloopFactory());
    }

    /// <summary>Chooses uvloop as the event loop, over whatever backend is chosen.</summary>
    public static IPyAsyncBuilder UseUvloop(this IPyAsyncBuilder builder) => builder.UseEventLoop("uvloop");
}
