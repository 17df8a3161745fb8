using PyAsync;

namespace CustomBackend;

/// <summary>Adds the backend: <c>services.AddPyAsync().AddLimitedPool()</c>, and configuration may choose it by name.</summary>
public static class LimitedPoolExtensions
{
    /// <summary>Makes the backend known as <c>LimitedPool</c>.</summary>
    public static IPyAsyncBuilder AddLimitedPool(this IPyAsyncBuilder builder, int concurrency = 2) =>
        builder.AddBackend("LimitedPool", (_, _) => new LimitedPoolBackend(concurrency));
}
