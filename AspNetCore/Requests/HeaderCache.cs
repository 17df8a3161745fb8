using System.Collections.Concurrent;
using PyAsync.Interop;

namespace PyAsync.Requests;

/// <summary>
/// Shares the Python tuples of request headers that many requests repeat. Only headers on a list of names that hold no secrets are kept, with short values, and
/// the number of tuples is bounded. The look-up runs on the web server's threads; the loop's thread makes the tuples.
/// </summary>
internal sealed class HeaderCache
{
    private const int MaxHeaders = 512;
    private const int MaxLength = 256;

    private static readonly HashSet<string> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Length", "Content-Type", "DNT", "Host", "Origin", "Pragma",
        "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "TE",
        "Upgrade-Insecure-Requests", "User-Agent",
    };

    private ConcurrentDictionary<(string Name, string Value), SharedHeader> _headers = new();
    private int _count;

    /// <summary>Gets the number of headers in the cache.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Finds or adds a header; null if it is not to be kept. From any thread, without the GIL.</summary>
    public SharedHeader? Find(string name, string value)
    {
        if (_headers.TryGetValue((name, value), out SharedHeader? found))
        {
            return found;
        }

        return value.Length <= MaxLength && s_names.Contains(name) ? Add(name, value) : null;
    }

    private SharedHeader Add(string name, string value)
    {
        if (Interlocked.Increment(ref _count) > MaxHeaders)
        {
            // Values that are never repeated must not keep out those that are. Requests in flight keep the tuples that they use.
            _headers = new();
            Volatile.Write(ref _count, 1);
        }

        return _headers.GetOrAdd((name, value), static key => new SharedHeader(key.Name, key.Value));
    }
}

/// <summary>A header whose Python tuple several requests use.</summary>
internal sealed class SharedHeader(string name, string value)
{
    private PyObject? _tuple;

    /// <summary>Gets the tuple of name and value. On a thread that holds the GIL.</summary>
    public BorrowedReference Tuple => (_tuple ??= NewTuple(name, value).ToPyObject()).Reference;

    /// <summary>Makes a tuple of the name in lower case and the value, as <c>bytes</c>. Needs the GIL.</summary>
    public static NewReference NewTuple(string name, string value)
    {
        NewReference tuple = CPython.PyTuple_New(2).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, PyBytes.FromUtf8(name, isLower: true));
        PyTuple.Set(tuple.Borrow(), 1, PyBytes.FromUtf8(value));
        return tuple;
    }
}
