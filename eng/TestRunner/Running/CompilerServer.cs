using System.Diagnostics;

namespace PyAsync.TestRunner.Running;

/// <summary>
/// A compiler server for this run only: the many small builds of the tests start a warm compiler. It has its own name, so that no other build uses it,
/// and it ends with the run.
/// </summary>
internal sealed class CompilerServer : IAsyncDisposable
{
    private readonly string _name = $"pyasync-tests-{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <summary>Gets the variables, which MSBuild reads as properties, that make builds use the server.</summary>
    public IEnumerable<(string Name, string Value)> Variables =>
    [
        ("UseSharedCompilation", "true"),
        ("SharedCompilationId", _name),
        ("MSBUILDDISABLENODEREUSE", "1"),
        ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
    ];

    /// <summary>Gets further variables for the programs that compile. Without them a third of the time of a build is the instrumentation of code that ends soon.</summary>
    public static IEnumerable<(string Name, string Value)> VariablesOfBuilds => [("DOTNET_TieredPGO", "0")];

    /// <summary>Ends the server, if a build has started it.</summary>
    public async ValueTask DisposeAsync()
    {
        string version = await Print("dotnet", "--version");
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        string server = Path.Combine(root, "sdk", version, "Roslyn/bincore/VBCSCompiler.dll");
        if (File.Exists(server))
        {
            await Print("dotnet", "exec", server, $"-pipename:{_name}", "-shutdown");
        }
    }

    private static async Task<string> Print(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Paths.Root, RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }
}
