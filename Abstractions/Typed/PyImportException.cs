namespace PyAsync;

/// <summary>A module that an interface describes cannot be imported, or the module or object lacks a member of the interface.</summary>
public sealed class PyImportException : Exception
{
    internal PyImportException(string message, string module, string? member, Exception? innerException)
        : base(message, innerException)
    {
        Module = module;
        MemberName = member;
    }

    /// <summary>Gets the module's name; for an object the name of its type.</summary>
    public string Module { get; }

    /// <summary>Gets the name of the missing member in Python; null if the module itself is the cause.</summary>
    public string? MemberName { get; }

    /// <summary>Gets type and message, Python's traceback, and .NET's stack trace. Needs no GIL.</summary>
    public override string ToString() => InnerException is PythonException python
        ? python.Error.Describe($"{GetType()}: {Message}", python, StackTrace) // Its message is part of this one.
        : base.ToString();
}
