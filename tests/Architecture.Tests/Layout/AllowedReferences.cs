namespace PyAsync.Tests;

/// <summary>The references that one project may have to another, by the folders of the projects: nothing else is allowed. Tests, samples and benchmarks are free.</summary>
internal static class AllowedReferences
{
    public static IReadOnlyDictionary<string, string[]> Direct { get; } = new Dictionary<string, string[]>
    {
        ["CPython"] = [],
        ["Interop"] = ["CPython"],
        ["Abstractions"] = ["Interop"],
        ["Core"] = ["Abstractions"],
        ["Backends.ThreadPool"] = ["Abstractions"],
        ["Backends.DedicatedThread"] = ["Abstractions"],
        ["Backends.Uvloop"] = ["Abstractions"],
        ["Backends.LoopThread"] = ["Abstractions"],
        ["Hosting"] = ["Core", "Backends.ThreadPool", "Backends.DedicatedThread", "Backends.Uvloop", "Backends.LoopThread"],
        ["AspNetCore"] = ["Hosting"],
        ["Modules"] = ["Core", "Backends.ThreadPool"],
        ["Testing"] = ["Core"],
        ["Tools"] = [],
        ["Interop.PythonNet"] = ["Core"],
        ["Generators"] = [],
        ["Analyzers"] = [],
    };

    /// <summary>Gets what an assembly may refer to: references are transitive.</summary>
    public static IReadOnlySet<string> Reachable(string folder)
    {
        HashSet<string> reachable = [];
        Queue<string> open = new(Direct[folder]);
        while (open.TryDequeue(out string? next))
        {
            if (reachable.Add(next))
            {
                Array.ForEach(Direct[next], open.Enqueue);
            }
        }

        return reachable;
    }
}
