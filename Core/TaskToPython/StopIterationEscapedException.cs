using PyAsync.Interop;

namespace PyAsync.TaskToPython;

/// <summary>A StopIteration that came out of work and cannot be raised into a coroutine (PEP 479); Python sees a <c>RuntimeError</c>.</summary>
internal sealed class StopIterationEscapedException() : InvalidOperationException("The work raised StopIteration."), IPythonExceptionName
{
    string IPythonExceptionName.PythonName => "RuntimeError";
}
