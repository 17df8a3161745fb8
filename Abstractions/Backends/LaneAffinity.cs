namespace PyAsync;

/// <summary>Specifies where code that runs on a <see cref="WorkLane"/> continues after an await.</summary>
public enum LaneAffinity
{
    /// <summary>On the .NET thread pool: the lane is the pool, or nothing ties work to it.</summary>
    Pool,

    /// <summary>On the lane, on any of its threads.</summary>
    Lane,

    /// <summary>On the lane, which is one thread: code on it needs no locks among itself.</summary>
    Thread,

    /// <summary>On the event loop's own thread, as one of its callbacks: awaiting Python changes no thread. Code there must not block.</summary>
    Loop,
}
