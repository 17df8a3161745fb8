using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The end of an asynchronous iteration; Python sees a <c>StopAsyncIteration</c>. A hand-written <c>__anext__</c> throws it; an <see cref="IAsyncEnumerable{T}"/>
/// need not.
/// </summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It says all there is to say.")]
public sealed class StopAsyncIterationException() : Exception("The iteration has ended."), IPythonExceptionName
{
    string IPythonExceptionName.PythonName => "StopAsyncIteration";
}
