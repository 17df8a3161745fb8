using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PyAsync;

/// <summary>
/// Registers runtimes: one <see cref="IRuntime"/>, or several by key, each with its own loop in the process's one Python. With a host the loop runs
/// from before the first hosted service starts until after the last has stopped.
/// </summary>
public static class PyAsyncServiceCollectionExtensions
{
    /// <summary>
    /// Registers the <see cref="IRuntime"/>. In a host the settings are read from the section <c>PyAsync</c> of its configuration, unless another section is given.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the settings, after any configuration section; null for none.</param>
    /// <returns>The builder, with which backends and event loops register themselves.</returns>
    public static IPyAsyncBuilder AddPyAsync(this IServiceCollection services, Action<PyAsyncOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, key: null, configure);
    }

    /// <summary>Registers the <see cref="IRuntime"/> with settings from configuration, customarily the section <c>PyAsync</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The settings by name; the section <c>DedicatedThread</c> within it is that backend's. An unknown key is an error at the start.</param>
    /// <returns>The builder, with which backends and event loops register themselves.</returns>
    public static IPyAsyncBuilder AddPyAsync(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        IPyAsyncBuilder builder = Add(services, key: null, configure: null);
        SectionBinder.Bind(builder, section);
        return builder;
    }

    /// <summary>
    /// Registers a further runtime, injected with <c>[FromKeyedServices(key)]</c>. In a host its settings are read from the section <c>PyAsync:key</c>,
    /// unless another section is given.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="key">Its key; the settings are named options of that name.</param>
    /// <param name="configure">Changes its settings; null for none.</param>
    /// <returns>The builder, with which backends and event loops register themselves.</returns>
    /// <exception cref="ArgumentException">The key is empty.</exception>
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
        IPyAsyncBuilder builder = AddKeyedPyAsync(services, key);
        SectionBinder.Bind(builder, section);
        return builder;
    }

    private static PyAsyncBuilder Add(IServiceCollection services, string? key, Action<PyAsyncOptions>? configure)
    {
        var builder = new PyAsyncBuilder(services, key);
        bool isAdded = services.Any(service => service.ServiceType == typeof(RuntimeKey) && service.ImplementationInstance is RuntimeKey same && same.Key == key);
        if (!isAdded)
        {
            SectionBinder.BindHostSection(builder);
        }

        if (configure is not null)
        {
            services.Configure(key, configure);
        }

        services.AddOptions<PyAsyncOptions>(key).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton<PyAsyncMetrics>();
        if (isAdded)
        {
            return builder; // Added before: this call only changes settings.
        }

        if (!services.Any(static service => service.ServiceType == typeof(RuntimeKey)))
        {
            builder.AddThreadPool().AddDedicatedThread().AddLoopThread().AddEventLoop(new AsyncioLoopFactory()).AddUvloop();
            services.AddSingleton<IValidateOptions<PyAsyncOptions>, PyAsyncOptionsValidator>();
            SettingsErrors.EndWithAMessage();
            services.TryAddSingleton<HostParticipants>();
            services.TryAddSingleton<StartedParticipants>();
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
}
