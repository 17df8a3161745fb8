using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>Registers backends and event loops by name.</summary>
public static class PyAsyncBuilderExtensions
{
    /// <summary>Registers a backend by name. The container creates it and injects its constructor's parameters.</summary>
    /// <typeparam name="TBackend">The backend.</typeparam>
    /// <param name="builder">The builder that <c>AddPyAsync</c> returned.</param>
    /// <param name="name">The name for <see cref="PyAsyncOptions.Backend"/>. A later backend of the same name replaces an earlier one.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IPyAsyncBuilder AddBackend<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TBackend>(
        this IPyAsyncBuilder builder, string name)
        where TBackend : RuntimeBackend =>
        builder.AddBackend(name, static (services, _) => ActivatorUtilities.CreateInstance<TBackend>(services));

    /// <summary>Registers a backend by name.</summary>
    /// <param name="builder">The builder that <c>AddPyAsync</c> returned.</param>
    /// <param name="name">The name for <see cref="PyAsyncOptions.Backend"/>. A later backend of the same name replaces an earlier one.</param>
    /// <param name="create">Creates the backend for the runtime with the given key; called once for each runtime.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IPyAsyncBuilder AddBackend(this IPyAsyncBuilder builder, string name, Func<IServiceProvider, string?, RuntimeBackend> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddSingleton(new BackendRegistration(name, create));
        return builder;
    }

    /// <summary>Registers a kind of event loop by name, for use with every backend.</summary>
    /// <param name="builder">The builder that <c>AddPyAsync</c> returned.</param>
    /// <param name="factory">Creates the loops; <see cref="EventLoopFactory.Name"/> is the name for <see cref="PyAsyncOptions.EventLoop"/>.</param>
    public static IPyAsyncBuilder AddEventLoop(this IPyAsyncBuilder builder, EventLoopFactory factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.AddSingleton(factory);
        return builder;
    }

    /// <summary>
    /// Registers a key of the configuration section, for a backend or a loop that reads its own settings. A key that is not registered is an error when
    /// the runtime starts. The names of backends, of event loops and of keyed runtimes need no registration.
    /// </summary>
    /// <param name="builder">The builder that <c>AddPyAsync</c> returned.</param>
    /// <param name="key">The key below the runtime's section, such as <c>Mine</c> for <c>PyAsync:Mine</c>.</param>
    /// <param name="subkeys">The keys below that one; none if they are not checked.</param>
    /// <exception cref="ArgumentException">The key is empty.</exception>
    public static IPyAsyncBuilder AddConfigurationKey(this IPyAsyncBuilder builder, string key, params string[] subkeys)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(subkeys);
        builder.Services.AddSingleton(new ConfigurationKeyRegistration(key, subkeys));
        return builder;
    }

    /// <summary>Selects a backend in code, as configuration does by name.</summary>
    public static IPyAsyncBuilder UseBackend(this IPyAsyncBuilder builder, string name) =>
        builder.Set(options => options.Backend = name);

    /// <summary>Selects a kind of event loop in code, as configuration does by name.</summary>
    public static IPyAsyncBuilder UseEventLoop(this IPyAsyncBuilder builder, string name) =>
        builder.Set(options => options.EventLoop = name);

    private static IPyAsyncBuilder Set(this IPyAsyncBuilder builder, Action<PyAsyncOptions> set)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.Key, set);
        return builder;
    }
}
