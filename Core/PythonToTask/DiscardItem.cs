namespace PyAsync.PythonToTask;

/// <summary>Closes, on the loop's thread, the awaitable of a request that never starts.</summary>
internal sealed class DiscardItem(AwaitableSource source) : IInboxItem
{
    public IInboxItem? Next { get; set; }

    public bool IsAwaited => false;

    public static void Post(PythonEventLoop loop, AwaitableSource source)
    {
        if (!source.IsAwaitable || !loop.TryPost(new DiscardItem(source)))
        {
            source.Discard();
        }
    }

    public bool Run(PythonEventLoop loop)
    {
        source.Discard();
        return true;
    }

    public void Abandon(Exception reason) => source.Discard();
}
