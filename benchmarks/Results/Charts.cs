namespace PyAsync.Benchmarks;

/// <summary>The charts, by file name, and the names of their series beside PyAsync.</summary>
internal static class Charts
{
    public const string Returning = "return-1";
    public const string Turning = "sleep-0";
    public const string IntoPython = "python-awaits-dotnet";

    /// <summary>The name of the reference: a plain await for one, a gather for many.</summary>
    public const string PythonAlone = "Python alone: await, gather";
    public const string Threadsafe = "run_coroutine_threadsafe";
    public const string Executor = "run_in_executor";

    public static readonly IReadOnlyDictionary<string, string> Titles = new Dictionary<string, string>
    {
        [Returning] = ".NET awaits Python: async def f(): return 1",
        [Turning] = ".NET awaits Python: async def f(): await asyncio.sleep(0)",
        [IntoPython] = "Python awaits .NET: a C# method that runs on the backend",
    };
}
