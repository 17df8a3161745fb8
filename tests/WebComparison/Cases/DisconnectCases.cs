using static PyAsync.Tests.Requests;

namespace PyAsync.Tests;

/// <summary>Clients that leave, at every point of a request.</summary>
internal static class DisconnectCases
{
    private const string Group = "Disconnects";

    public static IEnumerable<Question> All { get; } =
    [
        new(Group, "in the head of a request", static async server =>
        {
            using (Wire wire = await Wire.Connect(server.Port))
            {
                await wire.Send("GET /raw/hello HTTP/1.1\r\nHo");
            }

            return $"{await server.Ask(Get("/raw/hello"))}";
        }),
        Seen("in a body with a length", key => Line("POST", $"/errors/waits-for-disconnect?key={key}", "Content-Length: 10") + "abc", "3+"),
        Seen("in a body with chunks", key => Line("POST", $"/errors/waits-for-disconnect?key={key}", "Transfer-Encoding: chunked") + "3\r\nabc\r\n", "3+"),
        Seen("within a chunk", key => Line("POST", $"/errors/waits-for-disconnect?key={key}", "Transfer-Encoding: chunked") + "9\r\nabc", "3+"),
        Seen("before the response, receive pending", key => Get($"/errors/waits-for-disconnect?key={key}"), "waits"),
        Seen("before the response, by a reset", key => Get($"/errors/waits-for-disconnect?key={key}"), "waits", Leave.Reset),
        Seen("before the response, by ending its own side", key => Get($"/errors/waits-for-disconnect?key={key}"), "waits", Leave.EndSending),
        Seen("between two parts of the response", key => Get($"/errors/disconnected-in-body?key={key}"), "part"),
        Seen("between two parts of the response, by a reset", key => Get($"/errors/disconnected-in-body?key={key}"), "part", Leave.Reset),
        Seen("while the application sends", key => Get($"/errors/disconnect-while-sending?key={key}"), "begins", Leave.Reset),
        Seen("after the response, with work to do", key => Get($"/raw/background?key={key}"), "works on", Leave.Close),
        Seen("Request.is_disconnected of Starlette", key => Get($"/starlette/disconnected?key={key}"), "waits"),
        new(Group, "in an endless StreamingResponse of Starlette", static async server =>
        {
            string key = server.NewKey();
            using (Wire wire = await Wire.Connect(server.Port))
            {
                await wire.Send(Get($"/starlette/endless?key={key}"));
                await wire.ReadBytes(5000);
            }

            return await server.Journal(key);
        }),
        new(Group, "with ten requests sent and nothing read", static async server =>
        {
            using (Wire wire = await Wire.Connect(server.Port))
            {
                await wire.Send(string.Concat(Enumerable.Repeat(Get("/raw/large?size=1000000"), 10)));
            }

            return $"{await server.Ask(Get("/raw/hello"))}";
        }),
        new(Group, "a client that reads nothing makes send wait", static async server =>
        {
            string key = server.NewKey();
            using Wire wire = await Wire.Connect(server.Port, receiveBuffer: 4096);
            await wire.Send(Get($"/errors/floods?key={key}"));
            return await server.Journal(key);
        }),
    ];

    private enum Leave
    {
        Close,
        Reset,
        EndSending,
    }

    private static Question Seen(string name, Func<string, string> request, string until, Leave leave = Leave.Close) => new(Group, name, async server =>
    {
        string key = server.NewKey();
        using Wire wire = await Wire.Connect(server.Port);
        await wire.Send(request(key));
        await server.Reached(key, Uri.EscapeDataString(until));
        switch (leave)
        {
            case Leave.Reset:
                wire.Reset();
                break;
            case Leave.EndSending:
                wire.EndSending();
                break;
            default:
                wire.Dispose();
                break;
        }

        return await server.Journal(key);
    });
}
