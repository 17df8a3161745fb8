using System.Diagnostics;

namespace PyAsync.TestRunner.Running;

/// <summary>Runs a program with its output in a log file, and ends it with all of its children if it takes too long or the run is interrupted.</summary>
internal static class ChildProcess
{
    // A shell opens the log: a child that outlives the program may hold a file, but would keep a pipe open.
    private const string Redirect = "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null";

    /// <summary>Runs a program in the repository's root.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables to set.</param>
    /// <param name="log">The file for its output.</param>
    /// <param name="timeout">The time after which it is killed.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>The exit code, or null if the program was killed after its time-out.</returns>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public static async Task<int?> Run(
        IEnumerable<string> command, IEnumerable<(string Name, string Value)> environment, string log, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Redirect, "sh", log, .. command]) { WorkingDirectory = Paths.Root };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }
}
