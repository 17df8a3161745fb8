using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace PyAsync.Benchmarks;

/// <summary>A measured server: Kestrel with PyAsync, or uvicorn, in a process that serves one application.</summary>
internal sealed partial class WebServer : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly int _pythonThread;

    private WebServer(string name, Process process, int port, int pythonThread)
    {
        Name = name;
        _process = process;
        _pythonThread = pythonThread;
        Url = $"http://127.0.0.1:{port}/";
    }

    /// <summary>Gets the Python that both servers run.</summary>
    public static string Python => Environment.GetEnvironmentVariable("PYASYNC_PYTHON") ?? "python3";

    public string Name { get; }

    public string Url { get; }

    /// <summary>Gets the processor time of the process so far.</summary>
    public TimeSpan ProcessTime => Ticks(File.ReadAllText($"/proc/{_process.Id}/stat"));

    /// <summary>Gets the processor time of the thread that runs Python code; for uvicorn, of the process.</summary>
    public TimeSpan PythonTime => _pythonThread == 0 ? ProcessTime : TimeSpan.FromMicroseconds(
        long.Parse(File.ReadAllText($"/proc/{_process.Id}/task/{_pythonThread}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0);

    /// <summary>Gets the pauses of .NET's garbage collector so far, in milliseconds; 0 for uvicorn.</summary>
    public async Task<double> Pauses()
    {
        if (_pythonThread == 0)
        {
            return 0;
        }

        await _process.StandardInput.WriteLineAsync(KestrelServer.AskForPauses);
        await _process.StandardInput.FlushAsync();
        return double.Parse((await _process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    public static Task<WebServer> StartKestrel(string name, string application) =>
        Start(name, new ProcessStartInfo(Environment.ProcessPath!, [KestrelServer.Argument, application]), IsKestrel());

    public static Task<WebServer> StartUvicorn(string name, string application) => Start(
        name,
        new ProcessStartInfo(Python, ["-m", "uvicorn", application, "--host", "127.0.0.1", "--port", "0", "--loop", "uvloop", "--http", "httptools", "--no-access-log"]),
        IsUvicorn());

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (_pythonThread == 0)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<WebServer> Start(string name, ProcessStartInfo start, Regex ready)
    {
        start.WorkingDirectory = AppContext.BaseDirectory;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process process = Process.Start(start)!;

        // uvicorn reports its port in its log, on standard error.
        StreamReader output = ready.ToString().StartsWith("^ready", StringComparison.Ordinal) ? process.StandardOutput : process.StandardError;
        string log = "";
        while (await output.ReadLineAsync().WaitAsync(s_timeout) is { } line)
        {
            log += line + "\n";
            if (ready.Match(line) is { Success: true } match)
            {
                _ = Discard(process.StandardError);
                return new WebServer(name, process, Number(match.Groups[1]), match.Groups[2].Success ? Number(match.Groups[2]) : 0);
            }
        }

        throw new InvalidOperationException($"{name} ended at its start. {log}{await process.StandardError.ReadToEndAsync()}");
    }

    // A pipe that is full would stop the server.
    private static async Task Discard(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is not null)
        {
        }
    }

    private static TimeSpan Ticks(string stat)
    {
        // The fields after the name, which may contain spaces: state, …, and from the twelfth on utime stime: see proc(5).
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)));
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ready (\d+) (\d+)$")]
    private static partial Regex IsKestrel();

    [GeneratedRegex(@"running on http://127\.0\.0\.1:(\d+)")]
    private static partial Regex IsUvicorn();
}
