using Microsoft.Extensions.DependencyInjection;

namespace PyAsync;

/// <summary>Adds the thread pool's backend.</summary>
public static class ThreadPoolBuilderExtensions
{
    /// <summary>Registers the backend as <c>ThreadPool</c>. <c>AddPyAsync</c> calls it.</summary>
    public static IPyAsyncBuilder AddThreadPool(this IPyAsyncBuilder builder) =>
        builder.AddBackend("ThreadPool", static (_, _) => new ThreadPoolBackend());

    /// <summary>Selects the thread pool for .NET work.</summary>
    public static IPyAsyncBuilder UseThreadPool(this IPyAsyncBuilder builder) => builder.UseBackend("ThreadPool");
}
