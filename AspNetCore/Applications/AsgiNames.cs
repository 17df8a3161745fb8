namespace PyAsync.Applications;

/// <summary>The keys of ASGI's scopes and messages, interned once per interpreter.</summary>
internal sealed class AsgiNames
{
    public static AsgiNames Current => InterpreterState.Current.Attachment<AsgiNames>();

    public PyName Asgi { get; } = new("asgi");

    public PyName Auth { get; } = new("auth");

    public PyName Body { get; } = new("body");

    public PyName Client { get; } = new("client");

    public PyName Extensions { get; } = new("extensions");

    public PyName Headers { get; } = new("headers");

    public PyName HttpVersion { get; } = new("http_version");

    public PyName Method { get; } = new("method");

    public PyName MoreBody { get; } = new("more_body");

    public PyName MoreTrailers { get; } = new("more_trailers");

    public PyName Path { get; } = new("path");

    public PyName QueryString { get; } = new("query_string");

    public PyName RawPath { get; } = new("raw_path");

    public PyName RootPath { get; } = new("root_path");

    public PyName Route { get; } = new("route");

    public PyName Scheme { get; } = new("scheme");

    public PyName Server { get; } = new("server");

    public PyName Services { get; } = new("pyasync.services");

    public PyName State { get; } = new("state");

    public PyName Status { get; } = new("status");

    public PyName Subprotocols { get; } = new("subprotocols");

    public PyName Trailers { get; } = new("trailers");

    public PyName Type { get; } = new("type");

    public PyName User { get; } = new("user");

    public PyName Get { get; } = new("GET");

    public PyName Post { get; } = new("POST");

    public PyName Put { get; } = new("PUT");

    public PyName Delete { get; } = new("DELETE");

    public PyName Head { get; } = new("HEAD");

    public PyName Options { get; } = new("OPTIONS");

    public PyName Patch { get; } = new("PATCH");

    /// <summary>Gets the interned text of a usual method; null for others.</summary>
    public PyName? FindMethod(string method) => method switch
    {
        "GET" => Get,
        "POST" => Post,
        "PUT" => Put,
        "DELETE" => Delete,
        "HEAD" => Head,
        "OPTIONS" => Options,
        "PATCH" => Patch,
        _ => null,
    };
}
