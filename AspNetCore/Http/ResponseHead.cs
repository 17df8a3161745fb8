using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PyAsync.Http;

/// <summary>
/// The status and the headers of a response, or its trailers. The loop's thread reads them from a message and checks them; a web server's thread applies them, from
/// Python's memory.
/// </summary>
internal sealed class ResponseHead
{
    // RFC 9110, 5.6.2: the characters of a token.
    private static readonly SearchValues<byte> s_tokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);
    private static readonly SearchValues<byte> s_controls = SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private readonly List<(HeldBytes Name, HeldBytes Value)> _headers = new(16);

    /// <summary>Gets the status code.</summary>
    public int Status { get; private set; }

    /// <summary>Gets the length that the application has declared; null for none.</summary>
    public long? ContentLength { get; private set; }

    /// <summary>Reads the status of a message. On the loop's thread.</summary>
    /// <returns>An error for Python; null if there is none.</returns>
    public string? ReadStatus(BorrowedReference status)
    {
        if (status.IsNull)
        {
            return "an 'http.response.start' message needs a 'status'";
        }

        if (!status.HasFeature(CPython.Py_TPFLAGS_LONG_SUBCLASS))
        {
            return $"the status of a response is an int from 200 to 599, not a {PyText.TypeName(CPython.Py_TYPE(status))}";
        }

        int value = PyConvert.Int32.FromReference(status);
        if (value is < 200 or > 599)
        {
            return $"the status of a response is an int from 200 to 599, not {value}";
        }

        Status = value;
        return null;
    }

    /// <summary>Reads the headers of a message. On the loop's thread.</summary>
    /// <param name="headers">An iterable of pairs; NULL for none.</param>
    /// <param name="mayBeLatin1">True if the server is configured to send values that are not ASCII.</param>
    /// <returns>An error for Python; null if there is none.</returns>
    public string? ReadHeaders(BorrowedReference headers, bool mayBeLatin1)
    {
        if (headers.IsNull || headers.IsNone)
        {
            return null;
        }

        using NewReference tuple = CPython.PySequence_Tuple(headers).OrThrow();
        nint count = CPython.PyTuple_Size(tuple.Borrow());
        for (nint i = 0; i < count; i++)
        {
            if (ReadHeader(CPython.PyTuple_GetItem(tuple.Borrow(), i), mayBeLatin1) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Sets the status and the headers of a response. On a thread of the web server.</summary>
    public void Apply(HttpResponse response)
    {
        response.StatusCode = Status;
        if (ContentLength is { } length && Status != StatusCodes.Status204NoContent)
        {
            response.ContentLength = length;
        }

        ApplyHeaders(response);
    }

    /// <summary>Sets the headers of a response, without a status. On a thread of the web server.</summary>
    public void ApplyHeaders(HttpResponse response)
    {
        foreach ((HeldBytes name, HeldBytes value) in CollectionsMarshal.AsSpan(_headers))
        {
            string known = HeaderNames.Get(name.Span);
            string text = HeaderNames.GetValue(known, value.Span);
            if (response.Headers.TryGetValue(known, out var before) && before.Count > 0)
            {
                response.Headers.Append(known, text);
            }
            else
            {
                response.Headers[known] = text;
            }
        }
    }

    /// <summary>Appends the headers as trailers, if the server can send any. On a thread of the web server.</summary>
    public void ApplyAsTrailers(HttpResponse response)
    {
        if (!response.SupportsTrailers())
        {
            return; // The scope does not offer the extension.
        }

        foreach ((HeldBytes name, HeldBytes value) in CollectionsMarshal.AsSpan(_headers))
        {
            string known = HeaderNames.Get(name.Span);
            response.AppendTrailer(known, HeaderNames.GetValue(known, value.Span));
        }
    }

    /// <summary>Releases the references. With the GIL.</summary>
    public void Clear()
    {
        foreach (ref (HeldBytes Name, HeldBytes Value) header in CollectionsMarshal.AsSpan(_headers))
        {
            header.Name.Release();
            header.Value.Release();
        }

        _headers.Clear();
        Status = 0;
        ContentLength = null;
    }

    private string? ReadHeader(BorrowedReference pair, bool mayBeLatin1)
    {
        bool isPair = pair.HasFeature(CPython.Py_TPFLAGS_TUPLE_SUBCLASS) || pair.HasFeature(CPython.Py_TPFLAGS_LIST_SUBCLASS);
        using NewReference items = isPair ? CPython.PySequence_Tuple(pair).OrThrow() : default;
        if (!isPair || CPython.PyTuple_Size(items.Borrow()) != 2)
        {
            return "a header of a response is a pair of name and value";
        }

        using NewReference name = Bytes(CPython.PyTuple_GetItem(items.Borrow(), 0));
        using NewReference value = Bytes(CPython.PyTuple_GetItem(items.Borrow(), 1));
        if (name.IsNull || value.IsNull)
        {
            return "the name and the value of a header are bytes: encode a str";
        }

        ReadOnlySpan<byte> nameBytes = PyBytes.Span(name.Borrow());
        ReadOnlySpan<byte> valueBytes = PyBytes.Span(value.Borrow());
        if (nameBytes.IsEmpty || nameBytes.ContainsAnyExcept(s_tokenBytes))
        {
            return $"invalid HTTP header name {PyText.Describe(name.Borrow())}";
        }

        if (valueBytes.ContainsAny(s_controls))
        {
            return $"invalid HTTP header value of {PyText.Describe(name.Borrow())}: it has a control character";
        }

        if (!mayBeLatin1 && valueBytes.ContainsAnyInRange((byte)0x80, (byte)0xFF))
        {
            return $"the HTTP header value of {PyText.Describe(name.Borrow())} is not ASCII: set KestrelServerOptions.ResponseHeaderEncodingSelector to Latin-1 to send it";
        }

        switch (HeaderRules.Of(nameBytes))
        {
            case HeaderRule.ContentLength:
                return ReadLength(valueBytes);
            case HeaderRule.Drop:
            case HeaderRule.Connection when !Ascii.EqualsIgnoreCase(valueBytes.Trim((byte)' '), "close"u8):
                return null;
            default:
                _headers.Add((new HeldBytes(name.Borrow()), new HeldBytes(value.Borrow())));
                return null;
        }
    }

    private string? ReadLength(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> digits = value.Trim((byte)' ');
        if (digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(digits, out long length, out int read) || read != digits.Length)
        {
            return "invalid Content-Length of a response: it is a number of bytes";
        }

        if (ContentLength is { } before && before != length)
        {
            return "a response has two Content-Length headers that differ";
        }

        ContentLength = length;
        return null;
    }

    private static NewReference Bytes(BorrowedReference o)
    {
        if (PyBytes.IsBytes(o))
        {
            return NewReference.From(o);
        }

        return CPython.PyObject_CheckBuffer(o) != 0 ? CPython.PyBytes_FromObject(o).OrThrow() : default;
    }
}
