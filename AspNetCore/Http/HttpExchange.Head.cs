namespace PyAsync.Http;

// The loop's side: a head that is sent without a body.
internal sealed partial class HttpExchange
{
    private bool _isHeadUnsent;
    private HeadItem? _headItem;

    /// <summary>
    /// Sends the head in the loop's next turn, unless the application sends a body or ends before. The item is behind the callback by which the application's task reports
    /// its end, if the step that has sent the head was the last one.
    /// </summary>
    public void QueueHead()
    {
        if (_isHeadUnsent)
        {
            _headItem = new HeadItem(this);
            Loop.Ready.Add(_headItem);
        }
    }

    private void SendHead(HeadItem item)
    {
        if (_isHeadUnsent && _headItem == item)
        {
            ForgetHead();
            Notify(Work.Start);
        }
    }

    private void ForgetHead()
    {
        _isHeadUnsent = false;
        _headItem = null;
    }

    private sealed class HeadItem(HttpExchange exchange) : IInboxItem
    {
        public IInboxItem? Next { get; set; }

        public bool IsAwaited => false;

        public bool Run(PythonEventLoop loop)
        {
            exchange.SendHead(this);
            return true;
        }

        public void Abandon(Exception reason)
        {
        }
    }
}
