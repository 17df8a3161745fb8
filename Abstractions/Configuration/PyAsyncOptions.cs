namespace PyAsync;

/// <summary>The settings of a runtime. Bound from configuration by their names, and checked when the runtime starts.</summary>
public sealed class PyAsyncOptions
{
    /// <summary>The conventional name of the section that is passed to <c>AddPyAsync</c>.</summary>
    public const string SectionName = "PyAsync";

    /// <summary>.NET's waits take 24 days at most: their milliseconds are an <see cref="int"/>.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(24);

    // A separate string, recognised by its reference: a binder that sets the current value again makes no choice.
    private static readonly string s_defaultEventLoop = new("asyncio".AsSpan());

    /// <summary>Gets or sets the backend, by name. It decides where .NET work runs.</summary>
    /// <value><c>ThreadPool</c> (the default), <c>DedicatedThread</c>, <c>LoopThread</c>, or the name of an added backend; <c>Uvloop</c> is short for <c>ThreadPool</c> over uvloop, and an error with another <see cref="EventLoop"/>.</value>
    public string Backend { get; set; } = "ThreadPool";

    /// <summary>Gets or sets the kind of Python event loop, by name.</summary>
    /// <value><c>asyncio</c> (the default), <c>uvloop</c>, or the name of an added one.</value>
    public string EventLoop { get; set; } = s_defaultEventLoop;

    /// <summary>True if code or configuration has chosen the event loop, be it the default one.</summary>
    internal bool HasEventLoop => !ReferenceEquals(EventLoop, s_defaultEventLoop);

    /// <summary>
    /// Gets or sets the Python to run: an interpreter's path or name, a virtual environment's folder, or a libpython. A relative path is
    /// relative to the application's folder. One for the whole process.
    /// </summary>
    /// <value>Default null: <c>PYASYNC_PYTHON</c>, the active virtual or conda environment, a <c>.venv</c> beside the application or above it up to the project, PATH, the usual folders, in this order.</value>
    public string? Python { get; set; }

    /// <summary>Gets the folders that Python imports from before any other. A relative one is relative to the application's folder, which is always searched.</summary>
    /// <value>Default empty.</value>
    public IList<string> ModulePaths { get; } = [];

    /// <summary>Gets or sets asyncio's debug mode for the runtime's own loop. The debug mode is slow, and reports mistakes.</summary>
    /// <value>Default null: as Python decides (<c>PYTHONASYNCIODEBUG</c>).</value>
    public bool? Debug { get; set; }

    /// <summary>
    /// True if the frames in the traceback of a Python exception keep their local variables when the exception reaches .NET: for debuggers and error reports
    /// that show them. Applies to the whole process, once any runtime has asked for it.
    /// </summary>
    /// <value>Default false: frames that have finished lose their local variables, so that a failure does not keep them alive.</value>
    public bool KeepTracebackLocals { get; set; }

    /// <summary>Gets or sets how long the end of the runtime waits for cancelled work, on both sides, before it settles the rest itself.</summary>
    /// <value>Zero to 24 days; default 10 s.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets how long code may block the loop's own thread, or the only thread of a lane, while the loop or the lane has requests in
    /// flight, before the wait is refused.
    /// </summary>
    /// <value>More than zero, to 24 days; default 1 s.</value>
    public TimeSpan BlockingWaitTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets which side handles Ctrl-C and SIGTERM while a loop runs on the main thread.</summary>
    /// <value><c>Host</c>, <c>Python</c> or <c>None</c>; default null: <c>Host</c> in <c>PyAsyncApp</c> and <c>[PyAsyncMain]</c>, <c>None</c> elsewhere.</value>
    public SignalHandling? Signals { get; set; }

    /// <summary>Gets the errors in the settings, one sentence each, which names the correction; empty if there is none.</summary>
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
        else if (ShutdownTimeout > s_longest)
        {
            yield return $"{nameof(ShutdownTimeout)} is {ShutdownTimeout}: give {s_longest.Days} days at most (\"{s_longest:c}\").";
        }

        if (BlockingWaitTimeout <= TimeSpan.Zero)
        {
            yield return $"{nameof(BlockingWaitTimeout)} is {BlockingWaitTimeout}: give more than zero, such as \"00:00:01\".";
        }
        else if (BlockingWaitTimeout > s_longest)
        {
            yield return $"{nameof(BlockingWaitTimeout)} is {BlockingWaitTimeout}: give {s_longest.Days} days at most (\"{s_longest:c}\").";
        }

        if (Signals is { } signals && !Enum.IsDefined(signals))
        {
            yield return $"{nameof(Signals)} is {(int)signals}: give one of {string.Join(", ", Enum.GetNames<SignalHandling>())}.";
        }

        foreach (string path in ModulePaths)
        {
            if (string.IsNullOrWhiteSpace(path))
            {
                yield return $"{nameof(ModulePaths)} holds an empty entry (\"{path}\"): remove it, or name a folder.";
            }
            else if (!ModulePath.Exists(path))
            {
                yield return $"{nameof(ModulePaths)} holds \"{path}\", and there is no folder {ModulePath.Resolve(path)}: create it, or correct the entry. A relative one counts from the application's folder.";
            }
        }
    }
}
