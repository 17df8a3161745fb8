using PyAsync.Backends;

namespace PyAsync.Benchmarks;

/// <summary>A backend that is measured.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Create">Makes one.</param>
/// <param name="RunsOnLoop">Whether .NET's code runs on the Python loop's own thread, so that an await hops no thread.</param>
internal sealed record BackendCase(string Name, Func<RuntimeBackend> Create, bool RunsOnLoop = false)
{
    public static readonly IReadOnlyList<BackendCase> All =
    [
        new("ThreadPool", static () => new ThreadPoolBackend()),
        new("DedicatedThread", static () => new DedicatedThreadBackend()),
        new("EventLoop", static () => new EventLoopBackend(), RunsOnLoop: true),
    ];
}
