using System.Diagnostics;

namespace PyAsync.Benchmarks;

/// <summary>This program again, as a process of its own: a process has one CPython, and one affinity from its start.</summary>
internal static class ChildProcess
{
    /// <summary>Whether a process can be pinned here: by util-linux's taskset.</summary>
    public static bool CanPin { get; } = OperatingSystem.IsLinux() && PathOf("taskset") is not null;

    /// <summary>Runs it to its end, showing what it prints.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> Show(bool pinned, params string[] arguments)
    {
        using Process process = Start(pinned, arguments, redirect: false);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Runs it to its end, on the cores that this process has.</summary>
    /// <returns>The numbers of the last line that it printed.</returns>
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
            // On one core the JIT compiler waits ten times as long before it compiles anew what runs often; it is waited for here.
            start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";
        }

        foreach (string argument in pinned ? [.. (string[])["-c", LastCore(), self], .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    /// <summary>The first one has the interrupts, as a rule.</summary>
    private static string LastCore()
    {
        string allowed = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return allowed.Split(':', ',', '-')[^1].Trim();
    }

    private static string? PathOf(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
