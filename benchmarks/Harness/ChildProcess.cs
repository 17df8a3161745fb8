using System.Diagnostics;

namespace PyAsync.Benchmarks;

/// <summary>Runs this program as a separate process: a process has one CPython, and its affinity is set at its start.</summary>
internal static class ChildProcess
{
    /// <summary>True if a process can be pinned here: with util-linux's taskset.</summary>
    public static bool CanPin { get; } = OperatingSystem.IsLinux() && PathOf("taskset") is not null;

    /// <summary>Runs it to its end, and shows its output.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> Show(bool pinned, params string[] arguments)
    {
        using Process process = Start(pinned, arguments, redirect: false);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Runs it to its end, on the cores of this process.</summary>
    /// <returns>The numbers in the last line of its output.</returns>
    public static async Task<double[]> Figures(params string[] arguments)
    {
        using Process process = Start(pinned: false, arguments, redirect: true);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? [.. output.TrimEnd().Split('\n')[^1].Split(' ').Select(double.Parse)]
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}. {output}");
    }

    private static Process Start(bool pinned, string[] arguments, bool redirect)
    {
        string self = Environment.ProcessPath!;
        var start = new ProcessStartInfo(pinned ? "taskset" : self) { RedirectStandardOutput = redirect };
        if (pinned)
        {
            // On one core the JIT compiler waits ten times as long before it recompiles hot methods; the warm-up waits for it.
            start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        }

        foreach (string argument in pinned ? [.. (string[])["-c", LastCore(), self], .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>Gets the last core: the first one usually handles the interrupts.</summary>
    private static string LastCore()
    {
        string allowed = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return allowed.Split(':', ',', '-')[^1].Trim();
    }

    private static string? PathOf(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
