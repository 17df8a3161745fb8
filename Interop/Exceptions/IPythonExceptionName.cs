namespace PyAsync.Exceptions;

/// <summary>An exception of this library whose counterpart among Python's types does not follow from its .NET type.</summary>
internal interface IPythonExceptionName
{
    /// <summary>Gets the name of a builtin exception type: <c>RuntimeError</c>.</summary>
    string PythonName { get; }
}
