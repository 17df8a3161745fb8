namespace PyAsync;

/// <summary>Where code that runs on a <see cref="WorkLane"/> goes on after an await.</summary>
public enum LaneAffinity
{
    /// <summary>On the .NET thread pool: the lane is the pool, or nothing ties work to it.</summary>
    Pool,

    /// <summary>On the lane, on any of its threads.</summary>
    Lane,

    /// <summary>On the lane, which is one thread: code on it needs no locks among itself.</summary>
    Thread,

    /// <summary>On the event loop's own thread, as one of its callbacks: an await of Python's changes no thread. Code there must not block.</summary>
    Loop,
}
