namespace PyAsync;

/// <summary>The settings of a runtime. Bound from configuration by their names, and checked when the runtime starts.</summary>
public sealed class PyAsyncOptions
{
    /// <summary>The section that <c>AddPyAsync</c> is customarily given.</summary>
    public const string SectionName = "PyAsync";

    /// <summary>Where .NET work runs, by name.</summary>
    /// <value><c>ThreadPool</c> (the default), <c>DedicatedThread</c>, <c>EventLoop</c>, or the name of an added backend; <c>Uvloop</c> is short for <c>ThreadPool</c> over uvloop.</value>
    public string Backend { get; set; } = "ThreadPool";

    /// <summary>The kind of Python event loop, by name.</summary>
    /// <value><c>asyncio</c> (the default), <c>uvloop</c>, or the name of an added one.</value>
    public string EventLoop { get; set; } = "asyncio";

    /// <summary>The Python to run: an interpreter's path or name, a virtual environment's folder, or a libpython. One for the whole process.</summary>
    /// <value>Default null: <c>PYASYNC_PYTHON</c>, the active virtual or conda environment, PATH, the usual folders, in this order.</value>
    public string? Python { get; set; }

    /// <summary>Folders that Python imports from before any other; a relative one counts from the application's folder, which is always searched.</summary>
    /// <value>Default empty.</value>
    public IList<string> ModulePaths { get; } = [];

    /// <summary>asyncio's debug mode for the runtime's own loop: slow, and tells of mistakes.</summary>
    /// <value>Default null: as Python decides (<c>PYTHONASYNCIODEBUG</c>).</value>
    public bool? Debug { get; set; }

    /// <summary>How long the end of the runtime waits for cancelled work, on both sides, before it settles the rest itself.</summary>
    /// <value>Zero or more; default 10 s.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long code may block the loop's own thread, while the loop has requests in flight, before the wait is refused.</summary>
    /// <value>More than zero; default 1 s.</value>
    public TimeSpan BlockingWaitTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Who answers Ctrl-C and SIGTERM while a loop runs on the main thread.</summary>
    /// <value><c>Host</c>, <c>Python</c> or <c>None</c>; default null: <c>Host</c> in <c>PyAsyncApp</c> and <c>[PyAsyncMain]</c>, <c>None</c> elsewhere.</value>
    public SignalHandling? Signals { get; set; }

    /// <summary>What is wrong with the settings, one sentence each, saying how to mend it; empty if nothing is.</summary>
    public IEnumerable<string> Validate()
    {
        if (string.IsNullOrWhiteSpace(Backend))
        {
            yield return $"{nameof(Backend)} is empty: name a backend, such as \"ThreadPool\".";
        }

        if (string.IsNullOrWhiteSpace(EventLoop))
        {
            yield return $"{nameof(EventLoop)} is empty: name an event loop, such as \"asyncio\".";
        }

        if (ShutdownTimeout < TimeSpan.Zero)
        {
            yield return $"{nameof(ShutdownTimeout)} is {ShutdownTimeout}: give zero or more, such as \"00:00:10\".";
        }

        if (BlockingWaitTimeout <= TimeSpan.Zero)
        {
            yield return $"{nameof(BlockingWaitTimeout)} is {BlockingWaitTimeout}: give more than zero, such as \"00:00:01\".";
        }

        if (Signals is { } signals && !Enum.IsDefined(signals))
        {
            yield return $"{nameof(Signals)} is {(int)signals}: give one of {string.Join(", ", Enum.GetNames<SignalHandling>())}.";
        }

        foreach (string path in ModulePaths.Where(string.IsNullOrWhiteSpace))
        {
            yield return $"{nameof(ModulePaths)} holds an empty entry (\"{path}\"): remove it, or name a folder.";
        }
    }
}
