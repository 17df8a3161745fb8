using System.Diagnostics;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>A new web service from the template, with only the packages.</summary>
public sealed class WebTemplateTests(PackageFeed feed)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task ANewService_ServesCSharpAndFastApi()
    {
        string python = Environment.GetEnvironmentVariable("PYASYNC_PYTHON") ?? "python3";
        (int code, _, _) = await Exit(feed.Start(Path.GetTempPath(), python, "-c", "import fastapi"));
        Assert.SkipUnless(code == 0, "FastAPI is not installed. On Debian type: apt-get install python3-fastapi");
        string folder = feed.NewProject("web");
        Directory.CreateDirectory(folder);
        string hive = Path.Combine(folder, "hive"); // Other tests install templates too.
        await feed.Dotnet(folder, "new", "install", Path.Combine(feed.Feed, $"PyAsync.Templates.{PackageFeed.Version}.nupkg"), "--debug:custom-hive", hive);
        await feed.Dotnet(folder, "new", "pyasync-web", "-n", "shop", "--debug:custom-hive", hive);
        folder = Path.Combine(folder, "shop");

        await feed.Dotnet(folder, "build", "-v", "quiet", "-warnaserror");
        File.Exists(Path.Combine(folder, "bin/Debug/net10.0/main.py")).ShouldBeTrue();
        using Process service = feed.Start(folder, Path.Combine(folder, "bin/Debug/net10.0/shop"), "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(await Url(service)) };
            (await client.GetStringAsync("/")).ShouldBe("hello from C#");
            (await client.GetStringAsync("/api/hello?name=you")).ShouldBe("""{"message":"hello you"}""");
            using var ticks = new StreamReader(await client.GetStreamAsync("/ticks"));
            (await ticks.ReadLineAsync()).ShouldBe("data: 0");
        }
        finally
        {
            using var kill = Process.Start("kill", ["-TERM", service.Id.ToString()]);
        }

        (code, string output, string errors) = await Exit(service);
        code.ShouldBe(0, output + errors);
    }

    [Fact]
    public void TheTemplate_NamesTheVersionThatItIsShippedWith() =>
        XDocument.Parse(Repository.Read("templates/pyasync-web/my_web_service.csproj")).Descendants("PackageReference")
            .Single().Attribute("Version")!.Value.ShouldBe(PackageFeed.Version);

    private static async Task<string> Url(Process service)
    {
        const string Listening = "Now listening on: ";
        string log = "";
        while (await service.StandardOutput.ReadLineAsync().WaitAsync(s_timeout) is { } line)
        {
            log += line + "\n";
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and int at)
            {
                return line[(at + Listening.Length)..].Trim();
            }
        }

        throw new InvalidOperationException($"The service ended at its start. {log}{await service.StandardError.ReadToEndAsync()}");
    }

    private static async Task<(int Code, string Output, string Errors)> Exit(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(s_timeout);
        return (process.ExitCode, await output, await errors);
    }
}
