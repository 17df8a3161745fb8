using System.Diagnostics;
using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>pythonnet the other way round: a Python program that has .NET in it.</summary>
public sealed class HostedTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    [Fact]
    public async Task APythonProgram_AwaitsWhatItGetsThroughClr()
    {
        // …/shared/Microsoft.NETCore.App/10.0.0/System.Private.CoreLib.dll
        string dotnet = Path.GetFullPath("../../..", Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        using var process = Process.Start(new ProcessStartInfo(
            PythonInterpreter.Current.Installation.Executable!,
            [Path.Combine(AppContext.BaseDirectory, "hosted.py"), dotnet, AppContext.BaseDirectory])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var cts = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await process.WaitForExitAsync(cts.Token);

        (await errors).ShouldBeEmpty();
        process.ExitCode.ShouldBe(0);
        (await output).ReplaceLineEndings("\n").ShouldBe("21 40 [0, 1, 2]\n4950\n21 40 [0, 1, 2]\n4950\n");
    }
}
