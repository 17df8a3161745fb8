namespace PyAsync.Interop;

/// <summary>An exception of ours that has a counterpart among Python's own types, which .NET's type alone does not tell.</summary>
internal interface IPythonExceptionName
{
    /// <summary>The name of a builtin exception type: <c>RuntimeError</c>.</summary>
    string PythonName { get; }
}
