using System.Collections.Concurrent;
using System.Text;
using PyAsync.Interop;

namespace PyAsync.Requests;

/// <summary>
/// Shares the Python tuples of request headers that many requests repeat. Only headers on a list of names that hold no secrets are kept, with short values, and
/// the number of tuples is bounded. The look-up runs on the web server's threads; the loop's thread makes the tuples.
/// </summary>
/// <param name="findEncoding">Finds the encoding in which the server has decoded a header, by its name; null for UTF-8.</param>
internal sealed class HeaderCache(Func<string, Encoding?>? findEncoding = null)
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

    /// <summary>Gets the encoding in which the client has sent a value; null for UTF-8, which has the same bytes for ASCII. From any thread, without the GIL.</summary>
    public Encoding? EncodingOf(string name, string value) => findEncoding is null || Ascii.IsValid(value) ? null : findEncoding(name);

    private SharedHeader Add(string name, string value)
    {
        if (Interlocked.Increment(ref _count) > MaxHeaders)
        {
            // Values that are never repeated must not keep out those that are. Requests in flight keep the tuples that they use.
            _headers = new();
            Volatile.Write(ref _count, 1);
        }

        return _headers.GetOrAdd((name, value), static (key, cache) => new SharedHeader(key.Name, key.Value, cache.EncodingOf(key.Name, key.Value)), this);
    }
}

/// <summary>A header whose Python tuple several requests use.</summary>
internal sealed class SharedHeader(string name, string value, Encoding? encoding)
{
    private PyObject? _tuple;

    /// <summary>Gets the tuple of name and value. On a thread that holds the GIL.</summary>
    public BorrowedReference Tuple => (_tuple ??= NewTuple(name, value, encoding).ToPyObject()).Reference;

    /// <summary>Makes a tuple of the name in lower case and the value, as <c>bytes</c>. Needs the GIL.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="encoding">The encoding of the value; null for UTF-8.</param>
    public static NewReference NewTuple(string name, string value, Encoding? encoding)
    {
        NewReference tuple = CPython.PyTuple_New(2).OrThrow();
        PyTuple.Set(tuple.Borrow(), 0, PyBytes.FromUtf8(name, isLower: true));
        PyTuple.Set(tuple.Borrow(), 1, encoding is null ? PyBytes.FromUtf8(value) : PyBytes.From(encoding.GetBytes(value)));
        return tuple;
    }
}
