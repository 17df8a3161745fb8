namespace CustomBackend;

/// <summary>Registers the backend: <c>services.AddPyAsync().AddLimitedPool()</c>. Configuration can then select it by name.</summary>
public static class LimitedPoolExtensions
{
    /// <summary>Registers the backend as <c>LimitedPool</c>.</summary>
    public static IPyAsyncBuilder AddLimitedPool(this IPyAsyncBuilder builder, int concurrency = 2) =>
        builder.AddBackend("LimitedPool", (_, _) => new LimitedPoolBackend(concurrency));
}
