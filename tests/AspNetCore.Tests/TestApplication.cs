namespace PyAsync.Tests;

/// <summary>Makes the source texts of ASGI applications.</summary>
internal static class TestApplication
{
    /// <summary>The message that starts a response.</summary>
    public const string Start = "{'type': 'http.response.start', 'status': 200}";

    /// <summary>The message that ends it.</summary>
    public const string End = "{'type': 'http.response.body', 'body': b'fine'}";

    private const string Globals = """
        import asyncio
        errors = []
        kept = []
        step = asyncio.Event()
        count = 0
        async def app(scope, receive, send):
            global count
            if scope["type"] == "lifespan": return

        """;

    /// <summary>Makes an application of which each request runs some statements.</summary>
    public static string App(string body) => Globals + Indented(body);

    /// <summary>Makes an application that accepts each WebSocket, and then runs some statements.</summary>
    public static string Accepting(string body) => Globals + Indented("await receive()\nawait send({'type': 'websocket.accept'})\n" + body);

    private static string Indented(string body) => string.Concat(body.ReplaceLineEndings("\n").Split('\n').Select(static line => $"    {line}\n"));
}
