namespace PyAsync.PythonToTask;

/// <summary>A request that a token of the caller can cancel.</summary>
internal interface ICancellableRequest
{
    /// <summary>Gets the loop, and the context that the request runs in.</summary>
    EventLoopContext Context { get; }

    /// <summary>Cancels the Python task or future, if it is in flight. On the loop's thread, with the GIL held.</summary>
    void CancelOnLoop();
}
