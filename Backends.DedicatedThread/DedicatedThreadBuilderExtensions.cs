using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PyAsync.Backends;

/// <summary>Adds the backend of dedicated threads.</summary>
public static class DedicatedThreadBuilderExtensions
{
    /// <summary>Makes the backend known as <c>DedicatedThread</c>. <c>AddPyAsync</c> does.</summary>
    public static IPyAsyncBuilder AddDedicatedThread(this IPyAsyncBuilder builder) =>
        builder.AddBackend(
            "DedicatedThread",
            static (services, key) => new DedicatedThreadBackend(
                services.GetService<IOptionsMonitor<DedicatedThreadOptions>>()?.Get(key ?? Options.DefaultName)));

    /// <summary>Chooses threads of the runtime's own to run .NET work.</summary>
    /// <param name="builder">What <c>AddPyAsync</c> returned.</param>
    /// <param name="threads">How many; 1 to 1,024.</param>
    public static IPyAsyncBuilder UseDedicatedThread(this IPyAsyncBuilder builder, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<DedicatedThreadOptions>(builder.Key, options => options.Threads = threads);
        return builder.UseBackend("DedicatedThread");
    }
}
