using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Xunit;

[assembly: AssemblyFixture(typeof(PyAsync.Tests.Contestants))]

namespace PyAsync.Tests;

/// <summary>Both servers with the same application, and their answers, each of which is asked for once.</summary>
public sealed class Contestants : IAsyncLifetime
{
    private const string Application = "compare:app";

    private static readonly string[] s_packages = ["uvicorn", "httptools", "uvloop", "websockets", "starlette", "fastapi", "pydantic"];

    private readonly ConcurrentDictionary<string, Lazy<Task<Answers>>> _answers = new();
    private Server? _kestrel, _uvicorn;

    /// <summary>Gets the versions of Python and of the packages, or null if a package is missing.</summary>
    internal PythonPackages? Packages { get; private set; }

    internal Server Kestrel => _kestrel ?? throw new InvalidOperationException("Kestrel has not started.");

    internal Server Uvicorn => _uvicorn ?? throw new InvalidOperationException("uvicorn has not started.");

    public async ValueTask InitializeAsync()
    {
        Packages = Installed();
        if (Packages is not null)
        {
            _kestrel = await Server.StartKestrel(Application);
            _uvicorn = await Server.StartUvicorn(Application);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Server? server in (Server?[])[_kestrel, _uvicorn])
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>Skips the test if there is nothing to compare with.</summary>
    internal PythonPackages Needed()
    {
        Assert.SkipWhen(Packages is null, $"uvicorn and the frameworks are not installed in {Server.Python}. Type: apt-get install python3-uvicorn python3-httptools python3-uvloop python3-websockets python3-fastapi");
        return Packages!;
    }

    /// <summary>Asks both servers, one after the other.</summary>
    internal Task<Answers> Ask(Question question) => _answers.GetOrAdd(question.ToString(), _ => new(async () =>
        new Answers(await Ask(question, Kestrel), await Ask(question, Uvicorn)))).Value;

    private static async Task<string> Ask(Question question, Server server)
    {
        try
        {
            return await question.Ask(server);
        }
        catch (TimeoutException)
        {
            return "no answer within 20 s";
        }
    }

    private static PythonPackages? Installed()
    {
        string code = $"""
            import importlib.metadata, json, platform
            print(json.dumps([platform.python_version(), *(importlib.metadata.version(name) for name in "{string.Join(' ', s_packages)}".split())]))
            """;
        using Process process = Process.Start(new ProcessStartInfo(Server.Python, ["-c", code]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode != 0 ? null
            : JsonSerializer.Deserialize<string[]>(output) is [var python, .. var versions] ? new PythonPackages(python, s_packages.Zip(versions).ToDictionary()) : null;
    }
}

/// <summary>The versions of a Python and of its packages.</summary>
internal sealed record PythonPackages(string Python, Dictionary<string, string> Versions)
{
    [JsonIgnore]
    public Version Uvicorn => Version.Parse(Versions["uvicorn"]);
}

/// <summary>The answers of both servers to one question.</summary>
internal sealed record Answers(string Kestrel, string Uvicorn)
{
    [JsonIgnore]
    public bool AreEqual => Kestrel == Uvicorn;
}
