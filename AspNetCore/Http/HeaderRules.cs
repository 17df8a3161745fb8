using System.Text;

namespace PyAsync.Http;

/// <summary>Specifies the handling of a response's header.</summary>
internal enum HeaderRule
{
    /// <summary>The header is sent.</summary>
    Send,

    /// <summary>The length, which the server needs as a number.</summary>
    ContentLength,

    /// <summary>Sent only as <c>close</c>.</summary>
    Connection,

    /// <summary>The server frames the message and manages the connection: a header of the application would contradict it.</summary>
    Drop,
}

/// <summary>Finds the handling of headers that concern the connection (RFC 9110, 7.6.1), for names in any case.</summary>
internal static class HeaderRules
{
    /// <summary>Finds the handling of a header.</summary>
    public static HeaderRule Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        7 when Is(name, "upgrade"u8) => HeaderRule.Drop,
        10 when Is(name, "connection"u8) => HeaderRule.Connection,
        10 when Is(name, "keep-alive"u8) => HeaderRule.Drop,
        14 when Is(name, "content-length"u8) => HeaderRule.ContentLength,
        16 when Is(name, "proxy-connection"u8) => HeaderRule.Drop,
        17 when Is(name, "transfer-encoding"u8) => HeaderRule.Drop,
        _ => HeaderRule.Send,
    };

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) => Ascii.EqualsIgnoreCase(name, known);
}
