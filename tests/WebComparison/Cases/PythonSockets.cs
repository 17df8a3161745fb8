using System.Collections.Concurrent;
using System.Text.Json;
using Shouldly;

namespace PyAsync.Tests;

/// <summary>Runs Python's client library <c>websockets</c> against a server: one process for each server has all scenarios.</summary>
internal static class PythonSockets
{
    private static readonly ConcurrentDictionary<int, Lazy<Task<Dictionary<string, string>>>> s_answers = new();

    /// <summary>Gets the names of the scenarios, in <c>Applications/websockets_client.py</c>.</summary>
    public static IReadOnlyList<string> Scenarios { get; } =
    [
        "echo", "large", "fragmented", "ping", "scope", "subprotocol", "compression", "close 1000", "close 3001", "rejected", "rejected with a response", "client closes",
        "100 at once",
    ];

    public static async Task<string> Answer(Server server, string scenario)
    {
        Dictionary<string, string> answers = await s_answers.GetOrAdd(server.ProcessId, _ => new(() => Run(server))).Value;
        return answers[scenario];
    }

    private static async Task<Dictionary<string, string>> Run(Server server)
    {
        (int code, string output, string errors) = await ChildProcess.Run(
            Server.Python, ["-W", "ignore", Path.Combine(Server.Applications, "websockets_client.py"), server.Port.ToString()], new Dictionary<string, string?>(), []);
        code.ShouldBe(0, errors);
        Dictionary<string, string> answers = JsonSerializer.Deserialize<Dictionary<string, string>>(output)!;
        answers.Keys.Order().ShouldBe(Scenarios.Order());
        return answers;
    }
}
