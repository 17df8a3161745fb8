using Microsoft.Extensions.DependencyInjection;

namespace PyAsync.Backends;

/// <summary>Adds the thread pool's backend.</summary>
public static class ThreadPoolBuilderExtensions
{
    /// <summary>Makes the backend known as <c>ThreadPool</c>. <c>AddPyAsync</c> does.</summary>
    public static IPyAsyncBuilder AddThreadPool(this IPyAsyncBuilder builder) =>
        builder.AddBackend("ThreadPool", static (_, _) => new ThreadPoolBackend());

    /// <summary>Chooses the thread pool to run .NET work.</summary>
    public static IPyAsyncBuilder UseThreadPool(this IPyAsyncBuilder builder) => builder.UseBackend("ThreadPool");
}
