using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>The MSBuild item <c>PyImport</c>: C# code from type hints, before the compiler.</summary>
public sealed class PyImportTests(PackageFeed feed)
{
    private const string Module = """
        async def forecast(city: str, days: int = 3) -> str:
            return f"{city}: {days} days"


        async def report(city):
            return {"city": city, "degrees": 15}
        """;

    private const string Program = """
        return PyAsyncApp.Run(async (runtime, cancellationToken) =>
        {
            string forecast = await runtime.Import<Station.IWeather>().ForecastAsync("Oslo", cancellationToken: cancellationToken);
            Report report = await runtime.Import<IWrittenByHand>().ReportAsync("Oslo", cancellationToken);
            Console.WriteLine($"{forecast}, {report.Degrees} degrees");
        }, args);

        [PyImport("weather")]
        public interface IWrittenByHand
        {
            Task<Report> ReportAsync(string city, CancellationToken cancellationToken = default);
        }

        [PyRecord]
        public sealed record Report(string City, int Degrees);
        """;

    private static (string, string)[] Files(string module) =>
    [
        ("Station.csproj", PackageFeed.Application(["PyAsync"], """<ItemGroup><PyImport Include="weather.py" /></ItemGroup>""")),
        ("Program.cs", Program),
        ("weather.py", module),
    ];

    [Fact]
    public async Task Build_WritesTheCodeOnlyIfTheHintsChanged()
    {
        string folder = feed.NewProject("py-import", Files(Module)), generated = Path.Combine(folder, "obj/Debug/net10.0/pyimport/Weather.g.cs");
        (await feed.Dotnet(folder, "run")).Trim().ShouldBe("Oslo: 3 days, 15 degrees");
        DateTime written = File.GetLastWriteTimeUtc(generated), list = ListTime();

        // Nothing changed: Python does not start.
        await feed.Dotnet(folder, "build", "--no-restore");
        ListTime().ShouldBe(list);

        // The body changed: the hints are read, and the code stays.
        File.WriteAllText(Path.Combine(folder, "weather.py"), Module.Replace("days\"", "nights\""));
        (await feed.Dotnet(folder, "run", "--no-restore")).Trim().ShouldBe("Oslo: 3 nights, 15 degrees");
        ListTime().ShouldBeGreaterThan(list);
        File.GetLastWriteTimeUtc(generated).ShouldBe(written);

        File.WriteAllText(Path.Combine(folder, "weather.py"), Module.Replace("days: int = 3", "days: int = 7"));
        (await feed.Dotnet(folder, "run", "--no-restore")).Trim().ShouldBe("Oslo: 7 days, 15 degrees");
        File.ReadAllText(generated).ShouldContain("ForecastAsync(string city, long days = 7, CancellationToken cancellationToken = default)");

        DateTime ListTime() => File.GetLastWriteTimeUtc(Path.Combine(folder, "obj/Debug/net10.0/pyimport/written"));
    }

    [Fact]
    public async Task Build_OtherHints_AreCompileErrors()
    {
        string folder = feed.NewProject("py-import-other", Files(Module.Replace("city: str, days", "station: int, days")));

        Exception? failure = await Record.ExceptionAsync(() => feed.Dotnet(folder, "build"));

        failure.ShouldNotBeNull().Message.ShouldContain("error CS1503: Argument 1: cannot convert from 'string' to 'long'");
    }

    [Fact]
    public async Task Build_ModuleWithAnError_ReportsIt()
    {
        string folder = feed.NewProject("py-import-broken", Files("def f(:"));

        Exception? failure = await Record.ExceptionAsync(() => feed.Dotnet(folder, "build"));

        failure.ShouldNotBeNull().Message.ShouldContain("weather.py, line 1 is not valid Python");
    }
}
