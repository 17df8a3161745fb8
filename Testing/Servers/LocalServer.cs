using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace PyAsync.Testing.Servers;

/// <summary>A server program of the system that a test starts, on a free port of the loopback, with its data in a temporary folder.</summary>
internal abstract class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromMinutes(2);

    private readonly StringBuilder _output = new();
    private Process? _process;

    /// <summary>Gets the port that it listens on.</summary>
    public int Port { get; } = FreePort();

    /// <summary>Gets the folder of its data.</summary>
    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("pyasync-server");

    /// <summary>Gets the process to end, once it runs.</summary>
    protected virtual int ProcessId => _process!.Id;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                await Run("kill", "-INT", ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)).ConfigureAwait(false);
                await process.WaitForExitAsync().ConfigureAwait(false);
            }

            process.Dispose();
        }

        Folder.Delete(recursive: true);
    }

    /// <summary>Finds a server's program, or skips the test.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="folders">The folders to search in addition to PATH.</param>
    /// <param name="package">The system's package that contains it.</param>
    protected static string Require(string program, IEnumerable<string> folders, string package)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? found = folders.Concat(path).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{program} is not installed. Type: apt-get install {package}");
        return found!;
    }

    /// <summary>Starts the server.</summary>
    /// <param name="ready">The text that it prints when it accepts connections.</param>
    /// <param name="command">Program and arguments.</param>
    /// <exception cref="InvalidOperationException">The server ended, or took too long; the message has its output.</exception>
    protected async Task Start(string ready, params string[] command)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = Create(command);
        _process.EnableRaisingEvents = true;
        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.Exited += (_, _) => started.TrySetException(new InvalidOperationException($"{command[0]} ended: {Output()}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await started.Task.WaitAsync(s_startTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"{command[0]} did not start within {s_startTimeout}: {Output()}", e);
        }

        void Read(object sender, DataReceivedEventArgs e)
        {
            lock (_output)
            {
                _output.AppendLine(e.Data);
            }

            if (e.Data?.Contains(ready, StringComparison.Ordinal) == true)
            {
                started.TrySetResult();
            }
        }

        string Output()
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    protected async Task Run(params string[] command)
    {
        using Process process = Create(command);
        process.Start();
        string[] printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} failed with {process.ExitCode}: {string.Concat(printed)}");
        }
    }

    /// <summary>Finds a free port below those that systems give to clients: another test's connection may take one of these before the server starts.</summary>
    private static int FreePort()
    {
        while (true)
        {
            int port = RandomNumberGenerator.GetInt32(10_000, 32_000);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one.
            }
        }
    }

    private Process Create(string[] command) => new()
    {
        StartInfo = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder.FullName,
            Environment = { ["LC_ALL"] = "C" },
        },
    };
}
