using System.Diagnostics;
using System.Text.Json;

namespace PyAsync.Benchmarks;

/// <summary>Measures both servers in turns: the same application, the same client, the same cores.</summary>
internal static class WebMeasuring
{
    private const int CannotBeMeasured = 3;

    // The tiered compiler of .NET takes seconds.
    private const int WarmUpSeconds = 6;

    private static readonly string[] s_packages = ["uvicorn", "httptools", "uvloop", "fastapi", "pydantic"];

    /// <param name="output">The file to write.</param>
    /// <param name="quick">True for fewer and shorter rounds.</param>
    /// <returns>The exit code: 3 if it cannot be measured here.</returns>
    public static async Task<int> Run(string output, bool quick)
    {
        if (!Wrk.IsInstalled)
        {
            Console.WriteLine("Cannot be measured: wrk is not installed. On Debian type: apt-get install wrk");
            return CannotBeMeasured;
        }

        if (await Versions() is not [var python, .. var versions])
        {
            Console.WriteLine($"Cannot be measured: {WebServer.Python} lacks uvicorn or FastAPI. On Debian type: apt-get install python3-uvicorn python3-httptools python3-uvloop python3-fastapi");
            return CannotBeMeasured;
        }

        var results = new ProcessResults(ProcessResults.Web, Pinned: false, python, string.Join(", ", s_packages.Zip(versions, static (name, version) => $"{name} {version}")));
        using (WebServer rawOurs = await WebServer.StartKestrel("PyAsync", "raw_app:app"), rawUvicorn = await WebServer.StartUvicorn("uvicorn", "raw_app:app"))
        using (WebServer fastOurs = await WebServer.StartKestrel("PyAsync", "fastapi_app:app"), fastUvicorn = await WebServer.StartUvicorn("uvicorn", "fastapi_app:app"))
        {
            WebContest[] contests = [new(WebBounds.Raw, rawOurs, rawUvicorn), new(WebBounds.FastApi, fastOurs, fastUvicorn)];
            foreach (WebContest contest in contests)
            {
                await contest.WarmUp(WarmUpSeconds);
            }

            for (int round = 0; round < (quick ? 3 : 5); round++)
            {
                foreach (WebContest contest in contests)
                {
                    await contest.Round(quick ? 3 : 5);
                }
            }

            foreach (WebContest contest in contests)
            {
                contest.Report(results);
            }
        }

        await File.WriteAllTextAsync(output, JsonSerializer.Serialize(results));
        return 0;
    }

    private static async Task<string[]> Versions()
    {
        string code = $"""
            import importlib.metadata, platform
            print(platform.python_version(), *(importlib.metadata.version(name) for name in "{string.Join(' ', s_packages)}".split()))
            """;
        using var process = Process.Start(new ProcessStartInfo(WebServer.Python, ["-c", code]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await errors;
        return process.ExitCode == 0 ? printed.Trim().Split(' ') : [];
    }
}
