
namespace PyAsync.Benchmarks;

/// <summary>A backend to measure.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Create">Creates the backend.</param>
/// <param name="RunsOnLoop">True if .NET code runs on the Python loop's own thread, so that an await changes no thread.</param>
internal sealed record BackendCase(string Name, Func<RuntimeBackend> Create, bool RunsOnLoop = false)
{
    public static readonly IReadOnlyList<BackendCase> All =
    [
        new("ThreadPool", static () => new ThreadPoolBackend()),
        new("DedicatedThread", static () => new DedicatedThreadBackend()),
        new("LoopThread", static () => new LoopThreadBackend(), RunsOnLoop: true),
    ];
}
