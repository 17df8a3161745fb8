namespace PyAsync.Interop;

/// <summary>
/// The data of a Python exception, copied on the thread that caught it: reading them never needs the GIL, so any thread can log them. Only
/// <see cref="Value"/> is the exception itself.
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

    /// <summary>Gets module and name of the exception's type: <c>builtins.ValueError</c>, <c>aiohttp.client_exceptions.ClientError</c>.</summary>
    public string TypeName { get; }

    /// <summary>Gets the names of the exception's type and its bases, as <c>type(e).__mro__</c>.</summary>
    public IReadOnlyList<string> BaseNames { get; }

    /// <summary>Gets <c>str(e)</c>; for a module that is not installed, also the Python that searched for it, and the command that installs it.</summary>
    public string Message { get; }

    /// <summary>Gets the text that Python prints for it: every frame, also those of <c>async def</c>, with causes and groups.</summary>
    public string Traceback { get; }

    /// <summary>
    /// Gets the exception object, with its traceback. The frames in it that had finished when the exception reached .NET have no local variables,
    /// unless <see cref="PythonInterpreterOptions.KeepTracebackLocals"/> is set.
    /// </summary>
    public PyObject Value { get; }

    /// <summary>Gets the exceptions of an <c>ExceptionGroup</c>; empty for others.</summary>
    public IReadOnlyList<Exception> Children { get; }

    /// <summary>Gets the cause (<c>raise … from cause</c>); null if there is none.</summary>
    public Exception? Cause { get; }

    /// <summary>Gets the exit code that a <c>SystemExit</c> or a <c>KeyboardInterrupt</c> ends a program with; null for others.</summary>
    public int? ExitCode { get; }

    /// <summary>True if the exception is of a type or of a derived one. Needs no GIL.</summary>
    /// <param name="typeName">The module that defines the type, and its name: <c>aiohttp.client_exceptions.ClientError</c>; for builtins the name alone suffices: <c>ValueError</c>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public bool IsInstanceOf(string typeName)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        string full = typeName.Contains('.', StringComparison.Ordinal) ? typeName : "builtins." + typeName;
        return BaseNames.Contains(full, StringComparer.Ordinal);
    }

    /// <summary>True if <see cref="Traceback"/> includes the causes, so that they need not be repeated.</summary>
    internal bool TracebackNamesCauses { get; init; }

    /// <summary>Gets or sets the address of the traceback that the exception had when .NET first passed it back to Python; 0 before. The GIL guards it.</summary>
    internal nint TracebackAtReturn { get; set; }

    /// <summary>Gets the name of the type as Python prints it: <c>ValueError</c>, without the module of builtins.</summary>
    internal string PrintedTypeName => PyText.WithoutBuiltins(TypeName);

    /// <summary>Gets type and message as Python prints them; the type alone if there is no message.</summary>
    internal string Headline => Message.Length > 0 ? $"{PrintedTypeName}: {Message}" : PrintedTypeName;

    /// <summary>Composes the text of a .NET exception that carries this: type and message, Python's traceback, .NET's stack trace.</summary>
    internal string Describe(Exception owner, string? stackTrace) =>
        Describe(Message.Length > 0 || owner is PythonException ? Headline : $"{PrintedTypeName}: {owner.Message}", owner, stackTrace);

    /// <summary>Composes the text as <see cref="Describe(Exception, string)"/> does, with another first line.</summary>
    internal string Describe(string head, Exception owner, string? stackTrace)
    {
        string text = $"{head.TrimEnd()}\n--- Python ---\n{Traceback.TrimEnd()}";
        if (stackTrace is { Length: > 0 })
        {
            text += $"\n--- .NET ---\n{stackTrace}";
        }

        return TracebackNamesCauses || owner.InnerException is not { } inner ? text
            : ExceptionTexts.IsPrintable(inner) ? $"{text}\n ---> {inner}"
            : $"{text}\n ---> {inner.GetType()}: {ExceptionTexts.Message(inner)} [its inner exceptions are left out]";
    }
}
