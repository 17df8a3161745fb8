using System.Collections.Concurrent;

namespace PyAsync.Http;

/// <summary>The exchanges of one application that no request uses.</summary>
/// <remarks>The server's side takes exchanges without the GIL. Those that end are reset by the loop's thread, which holds the GIL, at the next request.</remarks>
/// <param name="application">The application.</param>
/// <param name="source">The values that its requests share.</param>
/// <param name="maySendLatin1">True if the web server is configured to send header values that are not ASCII.</param>
internal sealed class HttpExchangePool(AsgiApplication application, RequestSource source, bool maySendLatin1)
{
    private const int MaxKept = 256;

    // The number of ended exchanges, and of the bytes that they hold, from which on the loop is woken to reset them.
    private const int MaxEnded = 64;
    private const long MaxBytes = 64 * 1024;

    private readonly ConcurrentQueue<HttpExchange> _free = new();
    private HttpExchange? _ended;
    private int _endedCount;
    private long _endedBytes;
    private int _kept;
    private bool _isClosed;

    public AsgiApplication Application => application;

    /// <summary>Gets the requests whose response has a head and no body yet. On the loop's thread.</summary>
    public UnsentHeads Heads { get; } = new(application.Loop);

    public RequestSource Source => source;

    public bool MaySendLatin1 => maySendLatin1;

    /// <summary>Gets the routes of the Python application that requests have had.</summary>
    public PythonRoutes Routes { get; } = new();

    /// <summary>Takes or creates an exchange. From any thread.</summary>
    public HttpExchange Take()
    {
        if (_free.TryDequeue(out HttpExchange? exchange))
        {
            Interlocked.Decrement(ref _kept);
            return exchange;
        }

        return new HttpExchange(this);
    }

    /// <summary>Returns an exchange that has ended on the server's side last. Without the GIL.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="heldBytes">The number of bytes of Python's memory that it holds.</param>
    public void ReturnFromServer(HttpExchange exchange, long heldBytes)
    {
        HttpExchange? head = Volatile.Read(ref _ended);
        while (true)
        {
            exchange.Next = head;
            HttpExchange? seen = Interlocked.CompareExchange(ref _ended, exchange, head);
            if (seen == head)
            {
                break;
            }

            head = seen;
        }

        int count = Interlocked.Increment(ref _endedCount);
        long bytes = Interlocked.Add(ref _endedBytes, heldBytes);
        if (count % MaxEnded == 0 || (bytes > MaxBytes && bytes - heldBytes <= MaxBytes) || Volatile.Read(ref _isClosed))
        {
            application.Loop.TryPost(new ResetItem(this));
        }
    }

    /// <summary>Returns an exchange that has ended on the loop's side last. On the loop's thread.</summary>
    public void ReturnFromLoop(HttpExchange exchange)
    {
        if (!exchange.TryReset())
        {
            return;
        }

        if (Volatile.Read(ref _isClosed) || Interlocked.Increment(ref _kept) > MaxKept)
        {
            Interlocked.Decrement(ref _kept);
            exchange.Release();
            return;
        }

        _free.Enqueue(exchange);
    }

    /// <summary>Resets the exchanges that the server's side has returned. On the loop's thread.</summary>
    public void ResetEnded()
    {
        if (Volatile.Read(ref _ended) is null)
        {
            return;
        }

        HttpExchange? exchange = Interlocked.Exchange(ref _ended, null);
        Volatile.Write(ref _endedCount, 0);
        Interlocked.Exchange(ref _endedBytes, 0);
        while (exchange is not null)
        {
            var next = (HttpExchange?)exchange.Next;
            exchange.Next = null;
            ReturnFromLoop(exchange);
            exchange = next;
        }
    }

    /// <summary>Releases all exchanges that no request uses; later ones are released when they end. On the loop's thread.</summary>
    public void Close()
    {
        Volatile.Write(ref _isClosed, true);
        Heads.Close();
        ResetEnded();
        while (_free.TryDequeue(out HttpExchange? exchange))
        {
            exchange.Release();
        }
    }

    private sealed class ResetItem(HttpExchangePool pool) : IInboxItem
    {
        public IInboxItem? Next { get; set; }

        public bool WaitsItsTurn => false;

        public bool IsAwaited => false;

        public bool Run(PythonEventLoop loop)
        {
            pool.ResetEnded();
            return true;
        }

        public void Abandon(Exception reason) => pool.ResetEnded();
    }
}
