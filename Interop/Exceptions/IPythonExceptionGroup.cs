namespace PyAsync.Exceptions;

/// <summary>Marks an AggregateException that becomes an <c>ExceptionGroup</c> even if it has one inner exception only, as <c>asyncio.TaskGroup</c> raises one.</summary>
internal interface IPythonExceptionGroup;
