namespace PyAsync;

/// <summary>Brings a fired token to the loop's thread, where tasks may be cancelled.</summary>
internal sealed class CancelItem(IAwaiter request) : IInboxItem
{
    public IInboxItem? Next { get; set; }

    /// <summary>From any thread.</summary>
    public static void Post(IAwaiter request) => ((PythonEventLoop)request.Context.Loop).TryPost(new CancelItem(request));

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
