using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The failures of a scope's body and children (<c>RunScopeAsync</c>). In Python it is an <c>ExceptionGroup</c>, as <c>asyncio.TaskGroup</c> raises, also if there
/// is one failure only.
/// </summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "A scope creates it, with the failures.")]
public sealed class TaskScopeException : AggregateException, IPythonExceptionGroup
{
    internal TaskScopeException(IEnumerable<Exception> failures)
        : base("unhandled errors in a scope", failures)
    {
    }
}
