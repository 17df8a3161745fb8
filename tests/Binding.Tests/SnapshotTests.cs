using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The code for Snapshots/weather.py, which has one of everything. PYASYNC_UPDATE_SNAPSHOTS=1 writes the expected file.</summary>
public sealed class SnapshotTests : IDisposable
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests/Binding.Tests/Snapshots");
    private readonly BindTool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Code_IsAsApproved()
    {
        string path = Path.Combine(s_folder, "Weather.g.cs"), actual = await Write();
        if (Environment.GetEnvironmentVariable("PYASYNC_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, actual);
        }

        actual.ShouldBe(File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Code_Compiles() => GeneratedCode.Problems(await Write()).ShouldBeEmpty();

    private async Task<string> Write()
    {
        await _tool.Bind(Path.Combine(s_folder, "weather.py"), "--namespace", "Station");
        return _tool.Read("Weather.g.cs");
    }
}
