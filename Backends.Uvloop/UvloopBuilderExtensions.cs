using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>Adds uvloop.</summary>
public static class UvloopBuilderExtensions
{
    /// <summary>
    /// Registers the event loop <c>uvloop</c>, for use with every backend, and <c>"Backend": "Uvloop"</c> as a short form of the thread pool with
    /// uvloop. <c>AddPyAsync</c> calls it.
    /// </summary>
    public static IPyAsyncBuilder AddUvloop(this IPyAsyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.PostConfigureAll<PyAsyncOptions>(static options =>
        {
            // With another event loop the short form stays, and the validation refuses it.
            if (Same(options.Backend, "Uvloop") && (!options.HasEventLoop || Same(options.EventLoop, "uvloop")))
            {
                options.Backend = "ThreadPool";
                options.EventLoop = "uvloop";
            }

            static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
        });
        return builder.AddEventLoop(new UvloopFactory());
    }

    /// <summary>Selects uvloop as the event loop, with any backend.</summary>
    public static IPyAsyncBuilder UseUvloop(this IPyAsyncBuilder builder) => builder.UseEventLoop("uvloop");
}
