namespace PyAsync.Tests;

internal static partial class Differences
{
    // The first version of uvicorn after those that Debian 12 has.
    private const string Newer = "0.18";

    public static IReadOnlyList<Difference> All { get; } =
    [
        new("Kestrel orders the headers of a request: those that it knows first, and those of one name together.",
            "Requests: scope of a POST with headers and a query", "Requests: repeated request headers"),
        new("Kestrel removes tabs and spaces behind a value too, as RFC 9110 asks.", "Requests: spaces around a header value"),
        new("uvicorn has no state.", "Requests: state of the lifespan, copied for each request") { Before = Newer },
        new("Extensions that uvicorn lacks.", "Requests: state of the lifespan, copied for each request") { From = Newer },
        new("Kestrel keeps `%2F` in the path, so that it cannot be taken for a separator; `raw_path` is as it was sent.", "Requests: path with a percent-encoded slash"),
        new("Kestrel does not decode what is no UTF-8.", "Requests: path with bytes that are no UTF-8, percent-encoded"),
        new("Kestrel resolves dot segments in the path, as RFC 3986 describes; `raw_path` is as it was sent.", "Requests: path with dot segments", "Requests: path with encoded dot segments"),
        new("Kestrel refuses a NUL in a path.", "Requests: path with an encoded NUL"),
        new("An error of the protocol has no body with Kestrel.", "Requests: path with bytes above 127, not encoded", "Requests: CONNECT"),
        new("A client must not send a fragment; uvicorn removes it, and Kestrel takes it for a part of the path.", "Requests: a fragment"),
        new("Kestrel refuses a target whose host is not that of `Host`.", "Requests: target in absolute form, with another host"),
        new("Kestrel gives `*` no path.", "Requests: OPTIONS *"),
        new("httptools knows a list of methods only, and their spelling in upper case.", "Requests: a method that no standard has", "Requests: a method in lower case"),
        new("RFC 9110 lets a server ignore an upgrade that it does not support.", "Requests: upgrade to an unknown protocol", "Requests: upgrade to h2c") { Before = Newer },
        new("In ASP.NET Core the host decides whom it trusts: `UseForwardedHeaders`.", "Requests: X-Forwarded headers of a client on the loopback"),

        new("An empty body has the length 0, which needs no chunks.", ["Responses: empty", .. ((int[])[201, 205, 206, 301, 400, 404, 418, 429, 451, 500, 503, 599]).Select(static code => $"Responses: status {code}")]),
        new("uvicorn waits for the body of a 304, which has none, and closes the connection.", "Responses: not-modified"),
        new("Kestrel sends the headers that it knows first; those of one name stay in their order.", "Responses: order and case of names and values, as sent"),
        new("uvicorn sends its own beside those of the application.", "Responses: Date and Server of the application instead of the server's"),
        new("uvicorn ends the connection.", "Connections: HTTP/1.0 with keep-alive"),
        new("HTTP/1.0 has no chunks.", "Connections: HTTP/1.0 without a length of the response"),

        new("Starlette sends the file by the extension pathsend, which GZipMiddleware leaves alone.", "Starlette: FileResponse") { From = Newer },
        new("uvicorn closes the connection after an exception, Kestrel keeps it: the response was complete.",
            "Starlette: a body that is no JSON", "Starlette: an exception in an endpoint", "FastAPI: an exception in an endpoint", "Errors of the application: raises-after-end"),

        new("The exception is left to ASP.NET Core (exception pages, `UseExceptionHandler`), whose answer without any is a plain 500.",
            "Errors of the application: raises-before", "Errors of the application: HEAD of raises-before", "Errors of the application: returns", "Errors of the application: body-first"),
        new("The message is refused with a RuntimeError that names the mistake, and the client gets an error; uvicorn ends the connection.",
            "Errors of the application: no-status", "Errors of the application: status-99", "Errors of the application: status-1000", "Errors of the application: str-header",
            "Errors of the application: str-status", "Errors of the application: header-value-crlf", "Errors of the application: header-value-lf", "Errors of the application: header-value-nul"),
        new("Every refused message raises a RuntimeError.", "Errors of the application: no-type"),
        new("uvicorn sends what is no header, with which responses can be split.",
            "Errors of the application: header-name-colon", "Errors of the application: header-name-crlf", "Errors of the application: header-name-empty", "Errors of the application: header-name-space"),
        new("A header of the connection is the server's.", "Errors of the application: own-upgrade", "Errors of the application: length-and-encoding"),
        new("Two different lengths are a mistake, with which responses can be split.", "Errors of the application: two-lengths"),

        new("Kestrel limits the number and size of headers, and of the target: `KestrelServerLimits`.",
            "Errors of the client: 1,000 headers", "Errors of the client: a header of 100 KB", "Errors of the client: a target of 100 KB"),
        new("Kestrel refuses what RFC 9112 forbids.",
            "Errors of the client: a Host with a path", "Errors of the client: no Host", "Errors of the client: two Hosts"),
        new("Kestrel refuses what RFC 9112 forbids.",
            "Errors of the client: a folded header", "Errors of the client: a header name with a space", "Errors of the client: a space before the colon") { Before = Newer },
        new("Kestrel accepts a line feed alone, as RFC 9112 allows.", "Errors of the client: line ends without carriage returns") { From = Newer },
        new("Kestrel speaks HTTP/1.0, 1.1, 2 and 3 only.", "Errors of the client: HTTP/1.2", "Errors of the client: HTTP/3.0", "Errors of the client: no version", "Errors of the client: the preface of HTTP/2"),
        new("Kestrel takes the chunks, as RFC 9112 allows, and closes the connection, so that nothing can follow.", "Errors of the client: a length and chunks"),
        new("Kestrel closes the connection without an answer.", "Errors of the client: a length that is too large"),
        new("Kestrel accepts a sign.", "Errors of the client: a length with a plus"),
        new("Kestrel accepts the character.", "Errors of the client: a control character in the target"),
        new("The size is read only when the application reads the body.", "Errors of the client: a chunk size that is too large"),

        new("`send()` raises an OSError once the client has left, as ASGI 2.4 specifies.",
            "Disconnects: in a body with a length", "Disconnects: in a body with chunks", "Disconnects: within a chunk", "Disconnects: before the response, receive pending",
            "Disconnects: before the response, by a reset", "Disconnects: before the response, by ending its own side"),

        new("uvicorn does not pass the reason.", "WebSockets: a client that leaves with a close frame", "WebSockets: websockets: client closes") { Before = Newer },
        new("ASP.NET Core answers with 1000.", "WebSockets: a close without a code"),
        new("uvicorn lacks the extension websocket.http.response.",
            "WebSockets: a rejection with a response", "WebSockets: websockets: rejected with a response", "WebSockets: websockets: scope") { Before = Newer },
        new("Kestrel's answer of several parts without a length has chunks; uvicorn collects it.", "WebSockets: a rejection with a response") { From = Newer },
        new("A connection that ends without a close frame has the code 1006, as RFC 6455 specifies.",
            "WebSockets: a client that leaves without a close frame", "WebSockets: a client that leaves by a reset", "WebSockets: a client that leaves within a frame") { From = Newer },
        new("The close frame has the code 1000.", "WebSockets: an application that returns after accept") { From = Newer },
        new("The close frame has the code 1011.", "WebSockets: an application that raises after accept"),
        new("ASP.NET Core takes it for a request without an upgrade.",
            "WebSockets: an upgrade with a short key", "WebSockets: an upgrade with another version", "WebSockets: an upgrade with POST", "WebSockets: an upgrade without a key"),
        new("ASP.NET Core compresses only if the host enables it.", "WebSockets: websockets: compression"),
    ];
}
