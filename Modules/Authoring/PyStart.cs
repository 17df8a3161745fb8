namespace PyAsync;

/// <summary>Specifies where an asynchronous method that Python calls starts.</summary>
public enum PyStart
{
    /// <summary>
    /// On the calling thread, as any asynchronous C# method does, up to its first real await. The GIL is held until then, so the method must not
    /// compute for long. A call that completes without such an await takes no turn of the loop.
    /// </summary>
    Inline,

    /// <summary>On the backend, always.</summary>
    Scheduled,
}
