using System.Runtime.InteropServices;

namespace PyAsync.Benchmarks;

/// <summary>The machine of the measurements.</summary>
internal sealed record Machine(string Processor, int Cores, string System, string Kernel, string DotNet)
{
    public static Machine Current { get; } = new(
        ProcessorName(),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        Environment.OSVersion.Version.ToString(),
        Environment.Version.ToString());

    public string Describe() => $"{Cores} cores of {Processor}, {System} (kernel {Kernel}), .NET {DotNet}";

    private static string ProcessorName()
    {
        const string Key = "model name";
        return File.Exists("/proc/cpuinfo")
            && File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith(Key, StringComparison.Ordinal)) is { } line
                ? line[(line.IndexOf(':') + 1)..].Trim()
                : RuntimeInformation.ProcessArchitecture.ToString();
    }
}
