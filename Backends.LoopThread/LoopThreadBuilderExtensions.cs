namespace PyAsync;

/// <summary>Adds the backend on the loop's own thread.</summary>
public static class LoopThreadBuilderExtensions
{
    /// <summary>Registers the backend as <c>LoopThread</c>. <c>AddPyAsync</c> calls it.</summary>
    public static IPyAsyncBuilder AddLoopThread(this IPyAsyncBuilder builder) =>
        builder.AddBackend("LoopThread", static (_, _) => new LoopThreadBackend());

    /// <summary>Selects the Python event loop's own thread for .NET work.</summary>
    public static IPyAsyncBuilder UseLoopThread(this IPyAsyncBuilder builder) => builder.UseBackend("LoopThread");
}
