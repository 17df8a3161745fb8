namespace PyAsync.Loops;

/// <summary>Specifies where the Tasks of calls complete. A context without a route completes them on the thread pool.</summary>
internal abstract class CompletionRoute
{
    /// <summary>The loop's own thread.</summary>
    public static readonly CompletionRoute OnLoop = new LoopRoute();

    private sealed class LoopRoute : CompletionRoute;
}
