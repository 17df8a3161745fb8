namespace PyAsync;

/// <summary>Where an asynchronous method that Python calls starts.</summary>
public enum PyStart
{
    /// <summary>
    /// On the calling thread, as any asynchronous C# method does, up to its first real await. The GIL is held until then, so that it must not
    /// compute for long. What completes without such an await costs the loop no turn.
    /// </summary>
    Inline,

    /// <summary>On the backend, always.</summary>
    Scheduled,
}
