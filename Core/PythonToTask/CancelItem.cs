namespace PyAsync.PythonToTask;

/// <summary>Passes the cancellation by a token to the loop's thread, the only one on which tasks may be cancelled.</summary>
internal sealed class CancelItem(ICancellableRequest request) : IInboxItem
{
    public IInboxItem? Next { get; set; }

    public bool IsAwaited => false;

    /// <summary>Posts the cancellation. From any thread.</summary>
    public static void Post(ICancellableRequest request) => ((PythonEventLoop)request.Context.Loop).TryPost(new CancelItem(request));

    public bool Run(PythonEventLoop loop)
    {
        request.CancelOnLoop();
        return true;
    }

    public void Abandon(Exception reason)
    {
        // The request itself is abandoned along with its loop.
    }
}
