using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>Adds the backend of dedicated threads.</summary>
public static class DedicatedThreadBuilderExtensions
{
    /// <summary>Registers the backend as <c>DedicatedThread</c>. <c>AddPyAsync</c> calls it.</summary>
    public static IPyAsyncBuilder AddDedicatedThread(this IPyAsyncBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PyAsyncOptions>, DedicatedThreadOptionsValidator>());
        builder.AddConfigurationKey(DedicatedThreadOptions.SectionName, nameof(DedicatedThreadOptions.Threads));
        return builder.AddBackend(
            DedicatedThreadOptions.SectionName,
            static (services, key) => new DedicatedThreadBackend(
                services.GetService<IOptionsMonitor<DedicatedThreadOptions>>()?.Get(key ?? Options.DefaultName)));
    }

    /// <summary>Selects dedicated threads for .NET work.</summary>
    /// <param name="builder">The builder that <c>AddPyAsync</c> returned.</param>
    /// <param name="threads">The number of threads; 1 to 1,024.</param>
    public static IPyAsyncBuilder UseDedicatedThread(this IPyAsyncBuilder builder, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<DedicatedThreadOptions>(builder.Key, options => options.Threads = threads);
        return builder.UseBackend(DedicatedThreadOptions.SectionName);
    }
}
