using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>How backends and event loops are made known by name.</summary>
public static class PyAsyncBuilderExtensions
{
    /// <summary>Makes a backend known by name; its constructor is given services.</summary>
    /// <typeparam name="TBackend">The backend.</typeparam>
    /// <param name="builder">What <c>AddPyAsync</c> returned.</param>
    /// <param name="name">What <see cref="PyAsyncOptions.Backend"/> names it by. A later backend of the same name replaces an earlier one.</param>
    public static IPyAsyncBuilder AddBackend<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TBackend>(
        this IPyAsyncBuilder builder, string name)
        where TBackend : RuntimeBackend =>
        builder.AddBackend(name, static (services, _) => ActivatorUtilities.CreateInstance<TBackend>(services));

    /// <summary>Makes a backend known by name.</summary>
    /// <param name="builder">What <c>AddPyAsync</c> returned.</param>
    /// <param name="name">What <see cref="PyAsyncOptions.Backend"/> names it by. A later backend of the same name replaces an earlier one.</param>
    /// <param name="create">Makes one for the runtime of a key; called once for each runtime.</param>
    public static IPyAsyncBuilder AddBackend(this IPyAsyncBuilder builder, string name, Func<IServiceProvider, string?, RuntimeBackend> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddSingleton(new BackendRegistration(name, create));
        return builder;
    }

    /// <summary>Makes a kind of event loop known by name, for use over every backend.</summary>
    /// <param name="builder">What <c>AddPyAsync</c> returned.</param>
    /// <param name="factory">Makes the loops; <see cref="EventLoopFactory.Name"/> is what <see cref="PyAsyncOptions.EventLoop"/> names it by.</param>
    public static IPyAsyncBuilder AddEventLoop(this IPyAsyncBuilder builder, EventLoopFactory factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.AddSingleton(factory);
        return builder;
    }

    /// <summary>Chooses a backend in code, as configuration would by name.</summary>
    public static IPyAsyncBuilder UseBackend(this IPyAsyncBuilder builder, string name) =>
        builder.Set(options => options.Backend = name);

    /// <summary>Chooses a kind of event loop in code, as configuration would by name.</summary>
    public static IPyAsyncBuilder UseEventLoop(this IPyAsyncBuilder builder, string name) =>
        builder.Set(options => options.EventLoop = name);

    private static IPyAsyncBuilder Set(this IPyAsyncBuilder builder, Action<PyAsyncOptions> set)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.Key, set);
        return builder;
    }
}
