namespace PyAsync.Tool.Errors;

/// <summary>An error that the user can correct; the message explains how. Shown without a stack trace.</summary>
internal sealed class ToolException(string message) : Exception(message);
