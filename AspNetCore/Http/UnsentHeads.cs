using System.Runtime.InteropServices;

namespace PyAsync.Http;

/// <summary>
/// The requests whose application has sent the head of its response, and no body yet. The head is sent without a body only when the step of the application's task that
/// has sent it is over: if that step raises an exception, the response is the server's answer to a failure. On the loop's thread.
/// </summary>
internal sealed class UnsentHeads
{
    private readonly PythonEventLoop _loop;
    private readonly List<HttpExchange> _added = new(16);
    private bool _isClosed;

    public UnsentHeads(PythonEventLoop loop)
    {
        _loop = loop;
        loop.DrainBegins += OnDrain;
    }

    /// <summary>Adds a request. Most send a body in the same step, so that nothing is left to do in the next drain.</summary>
    public void Add(HttpExchange exchange)
    {
        if (_isClosed)
        {
            exchange.QueueHead();
            return;
        }

        _added.Add(exchange);
        _loop.ScheduleDrain();
    }

    /// <summary>Ends the use of the loop.</summary>
    public void Close()
    {
        OnDrain();
        _isClosed = true;
        _loop.DrainBegins -= OnDrain;
    }

    private void OnDrain()
    {
        foreach (HttpExchange exchange in CollectionsMarshal.AsSpan(_added))
        {
            exchange.QueueHead();
        }

        _added.Clear();
    }
}
