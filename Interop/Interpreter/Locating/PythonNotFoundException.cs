namespace PyAsync.Interop;

/// <summary>No Python was found that PyAsync can run in this process; the message lists what was tried and what to install.</summary>
public sealed class PythonNotFoundException : Exception
{
    /// <inheritdoc/>
    public PythonNotFoundException()
        : this("No usable Python was found.")
    {
    }

    /// <inheritdoc/>
    public PythonNotFoundException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public PythonNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
