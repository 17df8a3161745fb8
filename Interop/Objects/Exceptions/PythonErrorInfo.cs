namespace PyAsync.Interop;

/// <summary>
/// What is known of a Python exception, copied on the thread that met it: reading it never needs the GIL, so it can be
/// logged from anywhere. Only <see cref="Value"/> is the exception itself.
/// </summary>
public sealed class PythonErrorInfo
{
    internal PythonErrorInfo(
        string typeName, IReadOnlyList<string> baseNames, string message, string traceback, PyObject value, IReadOnlyList<Exception> children, Exception? cause, int? exitCode)
    {
        TypeName = typeName;
        BaseNames = baseNames;
        Message = message;
        Traceback = traceback;
        Value = value;
        Children = children;
        Cause = cause;
        ExitCode = exitCode;
    }

    /// <summary>Module and name of the exception's type: <c>builtins.ValueError</c>, <c>aiohttp.client_exceptions.ClientError</c>.</summary>
    public string TypeName { get; }

    /// <summary>The names of all types that it is an instance of, itself first, as <c>type(e).__mro__</c>.</summary>
    public IReadOnlyList<string> BaseNames { get; }

    /// <summary><c>str(e)</c>.</summary>
    public string Message { get; }

    /// <summary>What Python prints for it: every frame, <c>async def</c> ones too, causes and groups included.</summary>
    public string Traceback { get; }

    /// <summary>The exception object. It keeps its frames, and so their local variables, alive until it is collected.</summary>
    public PyObject Value { get; }

    /// <summary>The exceptions of an <c>ExceptionGroup</c>; empty for others.</summary>
    public IReadOnlyList<Exception> Children { get; }

    /// <summary>What it was raised from (<c>raise … from cause</c>); null when nothing was named.</summary>
    public Exception? Cause { get; }

    /// <summary>The exit code that a <c>SystemExit</c> or a <c>KeyboardInterrupt</c> ends a program with; null for others.</summary>
    public int? ExitCode { get; }

    /// <summary>Whether the exception is of a type or of one derived from it. Needs no GIL.</summary>
    /// <param name="typeName">Module and name; for builtins the name alone will do: <c>ValueError</c>.</param>
    public bool IsInstanceOf(string typeName)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        string full = typeName.Contains('.', StringComparison.Ordinal) ? typeName : "builtins." + typeName;
        return BaseNames.Contains(full, StringComparer.Ordinal);
    }

    internal string Describe(Exception owner, string? stackTrace)
    {
        string text = $"{owner.GetType().FullName}: {Message.TrimEnd()}\n--- Python ---\n{Traceback.TrimEnd()}\n--- .NET ---\n{stackTrace}";
        return owner.InnerException is { } inner ? $"{text}\n ---> {inner}" : text;
    }
}
