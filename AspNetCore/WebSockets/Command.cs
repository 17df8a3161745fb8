using PyAsync.Http;

namespace PyAsync.WebSockets;

/// <summary>A message of the application to the server's side of a WebSocket.</summary>
internal abstract record Command
{
    /// <summary>Accepts the connection.</summary>
    /// <param name="Subprotocol">The subprotocol; null for none.</param>
    /// <param name="Head">The headers of the handshake, which the loop's side owns.</param>
    public sealed record Accept(string? Subprotocol, ResponseHead Head) : Command;

    /// <summary>Sends a message.</summary>
    public sealed record Send(byte[] Content, bool IsText) : Command;

    /// <summary>Closes the connection, or rejects it with status 403.</summary>
    public sealed record Close(int Code, string Reason) : Command;

    /// <summary>Rejects the connection with a response.</summary>
    /// <param name="Head">Status and headers, which the loop's side owns.</param>
    public sealed record Reject(ResponseHead Head) : Command;

    /// <summary>Sends a part of the response that rejects the connection.</summary>
    public sealed record RejectBody(byte[] Content) : Command;

    /// <summary>Answers the close frame of the client, or ends a connection whose client does not keep to the protocol.</summary>
    public sealed record Answer(int Code) : Command;

    /// <summary>The application has ended.</summary>
    /// <param name="Failure">The exception; null for none.</param>
    public sealed record Ended(Exception? Failure) : Command;

    /// <summary>The host is stopping.</summary>
    public sealed record Stop : Command;
}
