using System.Diagnostics;
using System.Reflection;
using System.Text;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The sample in a process, on a free port.</summary>
public sealed class SampleService : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _log = new();
    private readonly bool _hasFastApi = HasFastApi();
    private Process? _process;
    private int _streamsEnded;

    public string Url => _url.Task.Result;

    /// <summary>Gets the number of streams whose <c>finally</c> has run.</summary>
    public int StreamsEnded => Volatile.Read(ref _streamsEnded);

    public async ValueTask InitializeAsync()
    {
        if (!_hasFastApi)
        {
            return;
        }

        string folder = Path.Combine(Repository.Root, "samples/WebService");
        string program = Path.Combine(Repository.Root, "artifacts/bin/WebService", Metadata("Configuration"), "WebService");
        _process = Process.Start(new ProcessStartInfo(program, ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information"])
        {
            WorkingDirectory = folder, // The content root, as with dotnet run.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _url.TrySetException(new InvalidOperationException($"The sample ended at its start. {_log}"));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await _url.Task.WaitAsync(s_timeout);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync().WaitAsync(s_timeout);
            _process.Dispose();
        }
    }

    /// <summary>Creates a client with cookies, as a browser. Skips the test if the sample cannot run.</summary>
    public HttpClient Client()
    {
        Needed();
        return new HttpClient { BaseAddress = new Uri(Url) };
    }

    /// <summary>Skips the test if the sample cannot run.</summary>
    public void Needed() => Assert.SkipUnless(_hasFastApi, "FastAPI is not installed. On Debian type: apt-get install python3-fastapi");

    public async Task WaitForStreamsEnded(int count)
    {
        long start = Stopwatch.GetTimestamp();
        while (StreamsEnded < count)
        {
            if (Stopwatch.GetElapsedTime(start) > s_timeout)
            {
                throw new TimeoutException($"{StreamsEnded} streams have ended, not {count}. {_log}");
            }

            await Task.Delay(10);
        }
    }

    private void Read(string? line)
    {
        const string Listening = "Now listening on: ";
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        if (line.Contains("the stream of prices has ended", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _streamsEnded);
        }

        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and int at)
        {
            _url.TrySetResult(line[(at + Listening.Length)..].Trim());
        }
    }

    private static bool HasFastApi()
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("PYASYNC_PYTHON") ?? "python3", ["-c", "import fastapi"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string Metadata(string key) => typeof(SampleService).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
