using System.Diagnostics;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>The outcome of a program.</summary>
internal sealed record Outcome(int Code, string Output, string Errors)
{
    public string Everything => Output + Errors;

    /// <summary>Its output, of a run that has to have ended well.</summary>
    public string Succeeded()
    {
        Code.ShouldBe(0, Everything);
        return Output.ReplaceLineEndings("\n").Trim();
    }
}

internal static class Processes
{
    private static readonly SemaphoreSlim s_tool = new(1);

    /// <summary>The Python that the tests run on.</summary>
    public static string Python { get; } = Environment.GetEnvironmentVariable("PYASYNC_PYTHON") ?? "python3";

    /// <summary>Runs a program outside the repository, without an active Python environment unless one is given.</summary>
    public static async Task<Outcome> Run(string program, string[] arguments, string? folder = null, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in (IEnumerable<(string, string?)>)[("VIRTUAL_ENV", null), ("CONDA_PREFIX", null), ("PYTHONPATH", null), ("MSBUILDDISABLENODEREUSE", "1"), .. environment])
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var cts = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        try
        {
            await process.WaitForExitAsync(cts.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs <c>dotnet pyasync</c>. One at a time: two builds of the same libraries would write over each other's files.</summary>
    public static async Task<Outcome> Tool(string[] arguments, string? folder = null, params (string Name, string? Value)[] environment)
    {
        await s_tool.WaitAsync();
        try
        {
            return await Run("dotnet", ["exec", Metadata("Tool"), .. arguments], folder, environment);
        }
        finally
        {
            s_tool.Release();
        }
    }

    public static string Metadata(string key) => typeof(Processes).Assembly
        .GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), inherit: false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
