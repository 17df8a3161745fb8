namespace PyAsync.Logging;

/// <summary>The exception of a log entry that Python's <c>logging</c> has made: its text, not the Python object.</summary>
/// <param name="message">The type and the message.</param>
/// <param name="traceback">The text that Python prints for it.</param>
internal sealed class PythonLogException(string message, string traceback) : Exception(message)
{
    public override string StackTrace => traceback;

    public override string ToString() => traceback;
}
