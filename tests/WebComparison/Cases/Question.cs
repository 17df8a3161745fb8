namespace PyAsync.Tests;

/// <summary>A question to both servers, whose answers are compared.</summary>
/// <param name="Group">The table of the report.</param>
/// <param name="Name">The name in the report.</param>
/// <param name="Ask">Asks a server, and describes its answer.</param>
internal sealed record Question(string Group, string Name, Func<Server, Task<string>> Ask)
{
    public override string ToString() => $"{Group}: {Name}";

    /// <summary>Creates a question of requests on one connection, each sent after the answer to the one before; the last part of the answer is the connection's state.</summary>
    public static Question Exchange(string group, string name, params string[] requests) => new(group, name, async server =>
    {
        (List<string> parts, _) = await Exchange(server, requests);
        return string.Join(" → ", parts);
    });

    /// <summary>Creates a question whose application records what it has seen: <c>{key}</c> in the request is its name.</summary>
    public static Question Recorded(string group, string name, string request) => new(group, name, async server =>
    {
        string key = server.NewKey();
        (List<string> parts, _) = await Exchange(server, [request.Replace("{key}", key, StringComparison.Ordinal)]);
        return $"{string.Join(" → ", parts)}; application: {await server.Journal(key)}";
    });

    private static async Task<(List<string> Parts, Answer? Last)> Exchange(Server server, string[] requests)
    {
        using Wire wire = await Wire.Connect(server.Port);
        List<string> parts = [];
        Answer? answer = null;
        foreach (string request in requests)
        {
            await wire.Send(request);
            do
            {
                answer = await wire.Read(Requests.IsHead(request));
                parts.Add(answer?.ToString() ?? "no answer");
            }
            while (answer is { Status: < 200 and not 101 });

            if (answer is null)
            {
                break;
            }
        }

        parts.Add(await wire.State(answer));
        return (parts, answer);
    }
}
