namespace PyAsync;

/// <summary>Closes, on the loop's thread, what a request was given that never starts.</summary>
internal sealed class DiscardItem(object source) : IInboxItem
{
    public IInboxItem? Next { get; set; }

    /// <param name="loop">The loop.</param>
    /// <param name="source">See <see cref="AwaitableSource"/>.</param>
    public static void Post(PythonEventLoop loop, object source)
    {
        if (source is not GivenAwaitable || !loop.TryPost(new DiscardItem(source)))
        {
            AwaitableSource.Discard(source);
        }
    }

    public bool Run(PythonEventLoop loop)
    {
        AwaitableSource.Discard(source);
        return true;
    }

    public void Abandon(Exception reason) => AwaitableSource.Discard(source);
}
