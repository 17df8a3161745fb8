using System.Diagnostics;

namespace PyAsync.Tests;

/// <summary>Runs <c>dotnet pyasync bind</c> in a folder of the test.</summary>
internal sealed class BindTool : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pyasync-bind-tests");

    /// <summary>Gets the Python that the tests run on.</summary>
    public static string TestedPython { get; } = Environment.GetEnvironmentVariable("PYASYNC_PYTHON") is { Length: > 0 } named ? named : "python3";

    /// <summary>Gets or sets the Python that the tool finds.</summary>
    public string Python { get; set; } = TestedPython;

    /// <summary>Gets or sets folders that Python searches first.</summary>
    public string? PythonPath { get; set; } = Environment.GetEnvironmentVariable("PYTHONPATH");

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    public void Write(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>Runs the command, which has to succeed.</summary>
    public async Task<string> Bind(params string[] arguments)
    {
        (int code, string output, string errors) = await Run(["bind", .. arguments]);
        return code == 0 ? output : throw new InvalidOperationException(output + errors);
    }

    /// <summary>Runs the command, which has to fail, and returns its error.</summary>
    public async Task<string> Fails(params string[] arguments)
    {
        (int code, string output, string errors) = await Run(["bind", .. arguments]);
        return code == 1 ? errors.Trim() : throw new InvalidOperationException($"Exit code {code}: {output}{errors}");
    }

    private async Task<(int Code, string Output, string Errors)> Run(string[] arguments)
    {
        // The tests' own copy: a build that runs at the same time may write the files of the tool's project again.
        string tool = Path.Combine(AppContext.BaseDirectory, "dotnet-pyasync.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", tool, .. arguments])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYASYNC_PYTHON"] = Python, ["PYTHONPATH"] = PythonPath, ["VIRTUAL_ENV"] = null, ["CONDA_PREFIX"] = null },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        using var cts = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(cts.Token);
        return (process.ExitCode, await output, await errors);
    }
}
