namespace PyAsync;

/// <summary>Specifies which side handles Ctrl-C (SIGINT) and SIGTERM while a loop runs on the main thread.</summary>
/// <remarks>Not set in a generic host, where the <c>IHostLifetime</c> handles them. In Python modules written in C#, Python always does.</remarks>
public enum SignalHandling
{
    /// <summary>
    /// .NET: the first signal cancels the main work, on both sides, and its clean-up runs; the exit code is 130 for SIGINT and 143 for SIGTERM. A second
    /// one ends the process at once. The default of <c>PyAsyncApp</c> and <c>[PyAsyncMain]</c>.
    /// </summary>
    Host,

    /// <summary>
    /// Python, as under <c>asyncio.run</c>: SIGINT cancels the main work, which then ends in <c>KeyboardInterrupt</c>; <c>signal.signal</c> and
    /// <c>loop.add_signal_handler</c> work. A second SIGINT ends the run without waiting for the main work, and raises <c>KeyboardInterrupt</c> in
    /// the program's Python code; a third one in any running code. Needs the process's main thread.
    /// </summary>
    Python,

    /// <summary>Neither: the process keeps its default behaviour.</summary>
    None,
}
