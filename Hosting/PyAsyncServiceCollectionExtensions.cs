using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PyAsync.Backends;

namespace PyAsync;

/// <summary>
/// Registers runtimes: one <see cref="IRuntime"/>, or several by key, each with a loop of its own over the process's one Python. With a
/// host the loop runs from before the first hosted service starts until after the last has stopped.
/// </summary>
public static class PyAsyncServiceCollectionExtensions
{
    /// <summary>Registers the <see cref="IRuntime"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the settings, after any configuration section; null for none.</param>
    /// <returns>Where backends and event loops add themselves.</returns>
    public static IPyAsyncBuilder AddPyAsync(this IServiceCollection services, Action<PyAsyncOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, key: null, configure);
    }

    /// <summary>Registers the <see cref="IRuntime"/> with settings from configuration, customarily the section <c>PyAsync</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The settings by name; the section <c>DedicatedThread</c> within it is that backend's.</param>
    /// <returns>Where backends and event loops add themselves.</returns>
    public static IPyAsyncBuilder AddPyAsync(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return Bind(Add(services, key: null, configure: null), section);
    }

    /// <summary>Registers a further runtime, got with <c>[FromKeyedServices(key)]</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">Its key; the settings are named options of that name.</param>
    /// <param name="configure">Changes its settings; null for none.</param>
    /// <returns>Where backends and event loops add themselves.</returns>
    public static IPyAsyncBuilder AddKeyedPyAsync(this IServiceCollection services, string key, Action<PyAsyncOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return Add(services, key, configure);
    }

    /// <inheritdoc cref="AddKeyedPyAsync(IServiceCollection, string, Action{PyAsyncOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="key">Its key; the settings are named options of that name.</param>
    /// <param name="section">Its settings by name.</param>
    public static IPyAsyncBuilder AddKeyedPyAsync(this IServiceCollection services, string key, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Bind(AddKeyedPyAsync(services, key), section);
    }

    private static PyAsyncBuilder Add(IServiceCollection services, string? key, Action<PyAsyncOptions>? configure)
    {
        var builder = new PyAsyncBuilder(services, key);
        if (configure is not null)
        {
            services.Configure(key, configure);
        }

        services.AddOptions<PyAsyncOptions>(key).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton<PyAsyncMetrics>();
        if (services.Any(service => service.ServiceType == typeof(RuntimeKey) && service.ImplementationInstance is RuntimeKey same && same.Key == key))
        {
            return builder; // Added before: this call only changes settings.
        }

        if (!services.Any(static service => service.ServiceType == typeof(RuntimeKey)))
        {
            builder.AddThreadPool().AddDedicatedThread().AddEventLoopBackend().AddEventLoop(new AsyncioLoopFactory()).AddUvloop();
            services.AddSingleton<IValidateOptions<PyAsyncOptions>, PyAsyncOptionsValidator>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PyAsyncHostedService>());
        }

        services.AddSingleton(new RuntimeKey(key));
        if (key is null)
        {
            services.TryAddSingleton(static provider => RuntimeFactory.Create(provider, key: null));
        }
        else
        {
            services.TryAddKeyedSingleton(key, static (provider, key) => RuntimeFactory.Create(provider, (string)key!));
        }

        return builder;
    }

    private static IPyAsyncBuilder Bind(IPyAsyncBuilder builder, IConfiguration section)
    {
        SectionBinder.Bind<PyAsyncOptions>(builder, section, static (section, options) => section.Bind(options));
        SectionBinder.Bind<DedicatedThreadOptions>(builder, section.GetSection("DedicatedThread"), static (section, options) => section.Bind(options));
        return builder;
    }
}
