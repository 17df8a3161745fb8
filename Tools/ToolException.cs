namespace PyAsync.Tool;

/// <summary>Something that the user can mend: the message says how. Shown without a stack trace.</summary>
internal sealed class ToolException(string message) : Exception(message);
