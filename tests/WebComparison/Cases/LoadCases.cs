using System.Globalization;
using System.Security.Cryptography;
using static PyAsync.Tests.Requests;

namespace PyAsync.Tests;

/// <summary>Many clients, slow clients, and bodies that do not fit into the memory that a server may use.</summary>
internal static class LoadCases
{
    private const string Group = "Load";
    private const int SlowClients = 1000;
    private const int MayGrowByKilobytes = 48 * 1024;

    // The whole gigabyte takes a while: ./test.sh --all sets the variable.
    private static readonly int s_megabytes = int.Parse(Environment.GetEnvironmentVariable("PYASYNC_TEST_BODY_MB") ?? "128", CultureInfo.InvariantCulture);

    public static IEnumerable<Question> All { get; } =
    [
        new(Group, "an upload that is larger than the memory it may use, with a length", static server => Upload(server, chunked: false)),
        new(Group, "an upload that is larger than the memory it may use, in chunks", static server => Upload(server, chunked: true)),
        new(Group, "a download that is larger than the memory it may use", Download),
        new(Group, "1,000 clients that send slowly", static async server =>
        {
            string request = Post("/raw/echo", "slowly sent");
            Wire[] wires = await Task.WhenAll(Enumerable.Range(0, SlowClients).Select(_ => Wire.Connect(server.Port)));
            for (int i = 0; i < request.Length; i += 16)
            {
                string piece = request[i..Math.Min(request.Length, i + 16)];
                await Task.WhenAll(wires.Select(wire => wire.Send(piece)));
            }

            return await Count(wires, static answer => answer is { Status: 200, Text: "slowly sent" });
        }),
        new(Group, "1,000 clients that read slowly", static async server =>
        {
            Wire[] wires = await Task.WhenAll(Enumerable.Range(0, SlowClients).Select(_ => Wire.Connect(server.Port, receiveBuffer: 4096)));
            await Task.WhenAll(wires.Select(static wire => wire.Send(Get("/raw/large?size=200000"))));

            // Meanwhile others are served.
            bool isServed = await server.Ask(Get("/raw/hello")) is { Text: "hello" };
            return $"{await Count(wires, static answer => answer is { Status: 200, IsWhole: true, Body.Length: 200000 })}, others {(isServed ? "are served" : "wait")}";
        }),
        new(Group, "1,000 clients that wait, while others are served", static async server =>
        {
            string[] keys = [.. Enumerable.Range(0, SlowClients).Select(_ => server.NewKey())];
            Wire[] wires = await Task.WhenAll(keys.Select(_ => Wire.Connect(server.Port)));
            await Task.WhenAll(wires.Zip(keys).Select(static pair => pair.First.Send(Get($"/errors/waits-for-disconnect?key={pair.Second}"))));
            await server.Reached(keys[^1], "waits");
            bool isServed = await server.Ask(Get("/raw/hello")) is { Text: "hello" };
            foreach (Wire wire in wires)
            {
                wire.Dispose();
            }

            string[] journals = [.. (await Task.WhenAll(keys.Chunk(100).Select(async chunk =>
            {
                List<string> read = [];
                foreach (string key in chunk)
                {
                    read.Add(await server.Journal(key));
                }

                return read;
            }))).SelectMany(static read => read)];
            return $"{journals.Count(static journal => journal.Contains("http.disconnect", StringComparison.Ordinal))} saw http.disconnect, others {(isServed ? "are served" : "wait")}";
        }),
        new(Group, "50 connections with 100 pipelined requests each", static async server =>
        {
            Wire[] wires = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Wire.Connect(server.Port)));
            int[] right = await Task.WhenAll(wires.Select(static async wire =>
            {
                Task send = wire.Send(string.Concat(Enumerable.Range(0, 100).Select(static i => Post("/raw/echo", $"number {i}"))));
                int right = 0;
                for (int i = 0; i < 100; i++)
                {
                    right += await wire.Read() is { Status: 200 } answer && answer.Text == $"number {i}" ? 1 : 0;
                }

                await send;
                wire.Dispose();
                return right;
            }));
            return $"{right.Sum()} in order";
        }),
    ];

    private static async Task<string> Count(Wire[] wires, Func<Answer?, bool> isRight)
    {
        Answer?[] answers = await Task.WhenAll(wires.Select(static async wire =>
        {
            using (wire)
            {
                return await wire.Read();
            }
        }));
        return $"{answers.Count(isRight)} of {wires.Length} answered";
    }

    private static async Task<string> Upload(Server server, bool chunked)
    {
        long size = s_megabytes * 1024L * 1024;
        byte[] block = new byte[256 * 1024];
        new Random(1).NextBytes(block);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using Wire wire = await Wire.Connect(server.Port);
        server.ForgetPeak();
        int before = server.Memory(peak: false);
        await wire.Send(Line("POST", "/raw/count", chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {size}"));
        byte[] head = System.Text.Encoding.ASCII.GetBytes($"{block.Length:x}\r\n");
        byte[] framed = [.. head, .. block, 13, 10];
        for (long sent = 0; sent < size; sent += block.Length)
        {
            hash.AppendData(block);
            await wire.Send(chunked ? framed : block);
        }

        if (chunked)
        {
            await wire.Send("0\r\n\r\n");
        }

        Answer? answer = await wire.Read();
        string expected = $"{size} {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}";
        return $"{(answer?.Text == expected ? "whole" : $"{answer}, not {expected}")}, {Growth(server, before)}";
    }

    private static async Task<string> Download(Server server)
    {
        long size = s_megabytes * 1024L * 1024;
        using Wire wire = await Wire.Connect(server.Port);
        server.ForgetPeak();
        int before = server.Memory(peak: false);
        await wire.Send(Get($"/raw/large?size={size}"));
        long read = 0;
        bool isRight = true;

        // The body repeats the bytes 0 to 255; its head ends with an empty line.
        byte[] first = await wire.ReadBytes(1);
        while (!System.Text.Encoding.Latin1.GetString(first).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            first = [.. first, .. await wire.ReadBytes(1)];
        }

        while (read < size && await wire.ReadBytes(256 * 1024) is { Length: > 0 } block)
        {
            isRight &= block[0] == (byte)read && block[^1] == (byte)(read + block.Length - 1);
            read += block.Length;
        }

        return $"{(isRight && read == size ? "whole" : $"{read} of {size} bytes")}, {Growth(server, before)}";
    }

    private static string Growth(Server server, int before)
    {
        int growth = server.Memory(peak: true) - before;
        return growth < MayGrowByKilobytes ? "in flat memory" : $"the memory grew by {growth / 1024} MB";
    }
}
