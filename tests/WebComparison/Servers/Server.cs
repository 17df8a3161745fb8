using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>A server in a process: Kestrel with PyAsync, or uvicorn. Both serve the same application.</summary>
internal sealed partial class Server : IAsyncDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_briefly = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private int _keys;

    private Server(string name, Process process, int port, int http2Port)
    {
        Name = name;
        _process = process;
        Port = port;
        Http2Port = http2Port;
    }

    /// <summary>Gets the folder of the applications.</summary>
    public static string Applications => Path.Combine(AppContext.BaseDirectory, "Applications");

    /// <summary>Gets the Python that both servers run.</summary>
    public static string Python => Environment.GetEnvironmentVariable("PYASYNC_PYTHON") ?? "python3";

    public string Name { get; }

    public int Port { get; }

    /// <summary>Gets the port for HTTP/2 without TLS; 0 for a server that has none.</summary>
    public int Http2Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>Gets everything that the server has printed so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts Kestrel: this program again, as a child process.</summary>
    public static Task<Server> StartKestrel(string application) =>
        Start("Kestrel", new ProcessStartInfo(Environment.ProcessPath!, ["--child", "serve", application]), KestrelIsReady());

    /// <summary>Starts uvicorn with the loop and the parser that it recommends.</summary>
    public static Task<Server> StartUvicorn(string application) => Start(
        "uvicorn",
        new ProcessStartInfo(Python, ["-m", "uvicorn", application, "--host", "127.0.0.1", "--port", "0", "--loop", "uvloop", "--http", "httptools", "--no-access-log"])
        {
            Environment = { ["PYTHONPATH"] = Applications, ["PYTHONDONTWRITEBYTECODE"] = "1", ["PYTHONUNBUFFERED"] = "1" },
        },
        UvicornIsReady());

    /// <summary>Gets a fresh name for a journal of the application.</summary>
    public string NewKey() => $"{Name}{Interlocked.Increment(ref _keys)}";

    /// <summary>Gets what the application has recorded, once it has ended.</summary>
    public async Task<string> Journal(string key) => (await Ask(Requests.Get($"/raw/journal?key={key}", "Connection: close")))!.Text;

    /// <summary>Waits until the application has recorded an entry.</summary>
    public async Task Reached(string key, string entry) =>
        (await Ask(Requests.Get($"/raw/reached?key={key}&entry={entry}", "Connection: close")))!.Text.ShouldBe("reached");

    /// <summary>Sends one request on a connection that ends afterwards.</summary>
    public async Task<Answer?> Ask(string request)
    {
        using Wire wire = await Wire.Connect(Port);
        await wire.Send(request);
        return await wire.Read(Requests.IsHead(request));
    }

    /// <summary>Waits for an answer of a server that may wait for more of the request instead. The server has answered requests on other connections meanwhile, however busy the machine is.</summary>
    /// <exception cref="TimeoutException">There was no answer.</exception>
    public async Task<T> AnswersBriefly<T>(Task<T> answer)
    {
        for (int i = 0; i < 2 && !answer.IsCompleted; i++)
        {
            if (await Task.WhenAny(answer, Task.Delay(s_briefly)) != answer)
            {
                await Ask(Requests.Get("/raw/hello"));
            }
        }

        return answer.IsCompleted ? await answer : throw new TimeoutException("The server waits.");
    }

    /// <summary>Gets the memory of the process in kilobytes: now, or its maximum since <see cref="ForgetPeak"/>.</summary>
    public int Memory(bool peak)
    {
        string name = peak ? "VmHWM:" : "VmRSS:";
        string line = File.ReadLines($"/proc/{ProcessId}/status").Single(line => line.StartsWith(name, StringComparison.Ordinal));
        return int.Parse(line[name.Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Sets the maximum of the memory back to what is used now: see proc(5).</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{ProcessId}/clear_refs", "5");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", ProcessId.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            try
            {
                await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static async Task<Server> Start(string name, ProcessStartInfo start, Regex ready)
    {
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        start.WorkingDirectory = Applications;
        start.Environment["PYTHONHASHSEED"] = "0"; // Starlette lists the methods of a route in the order of a set.
        Process process = Process.Start(start)!;
        var ports = new TaskCompletionSource<(int, int)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var early = new StringBuilder();
        Server? server = null;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ports.TrySetException(new InvalidOperationException($"{name} ended at its start. {early}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        (int port, int http2) = await ports.Task.WaitAsync(s_timeout);
        return server = new Server(name, process, port, http2);

        void Add(string? line)
        {
            if (line is null)
            {
                return;
            }

            StringBuilder log = server?._log ?? early;
            lock (log)
            {
                log.AppendLine(line);
            }

            if (ready.Match(line) is { Success: true } match)
            {
                ports.TrySetResult((Number(match.Groups[1]), match.Groups[2].Success ? Number(match.Groups[2]) : 0));
            }
        }
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ready (\d+) (\d+)$")]
    private static partial Regex KestrelIsReady();

    [GeneratedRegex(@"running on http://127\.0\.0\.1:(\d+)")]
    private static partial Regex UvicornIsReady();
}
