namespace PyAsync.WebSockets;

/// <summary>A message of the client: text in UTF-8, or bytes.</summary>
internal readonly record struct IncomingMessage(ReadOnlyMemory<byte> Content, bool IsText);
