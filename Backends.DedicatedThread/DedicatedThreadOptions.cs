namespace PyAsync.Backends;

/// <summary>The settings of <see cref="DedicatedThreadBackend"/>: the section <c>DedicatedThread</c> within the runtime's.</summary>
public sealed class DedicatedThreadOptions
{
    /// <summary>How many threads. A piece of work stays on the one that it was given to; they take turns.</summary>
    /// <value>1 to 1,024; default 1.</value>
    public int Threads { get; set; } = 1;
}
