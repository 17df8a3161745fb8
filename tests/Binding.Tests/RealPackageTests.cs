using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// Binds real packages, as Debian has them, and compiles the code. docs/bind-report.md has the shares; PYASYNC_UPDATE_BIND_REPORT=1 writes it.
/// </summary>
public sealed class RealPackageTests(ITestOutputHelper output)
{
    private const string Report = "docs/bind-report.md";
    private const string TableStart = "<!-- table: written by RealPackageTests -->\n";
    private const string TableEnd = "<!-- end of the table -->\n";

    // The first module is the package; the others are those whose classes it uses.
    private static readonly string[][] s_packages =
    [
        ["aiohttp", "yarl", "multidict", "aiosignal", "frozenlist"],
        ["httpx"],
        ["redis.asyncio"],
        ["asyncpg"],
        ["fastapi", "starlette.requests", "starlette.responses", "starlette.routing", "starlette.background", "starlette.websockets", "starlette.datastructures"],
    ];

    // Reading the hints of a package takes seconds: the tests share the first run.
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<GeneratedFile>>>> s_first = new();

    public static TheoryData<string> Packages => [.. s_packages.Select(static modules => modules[0])];

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task Code_Compiles(string package)
    {
        IReadOnlyList<GeneratedFile> files = await First(package);

        GeneratedCode.Problems([.. files.Select(static file => file.Text)]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task Code_IsTheSameInASecondRun(string package)
    {
        IReadOnlyList<GeneratedFile> first = await First(package), second = await Bind(package);

        second.Select(static file => file.Text).ShouldBe(first.Select(static file => file.Text));
    }

    /// <summary>The promise: 90 % of the members whose hints are complete are typed without PyObject, in Debian's packages. Other versions have other members.</summary>
    [Fact]
    public async Task Shares_AreThoseOfTheReport()
    {
        var rows = new StringBuilder();
        int complete = 0, typed = 0;
        foreach (string[] modules in s_packages)
        {
            IReadOnlyList<GeneratedFile> files = await First(modules[0]);
            HintShare[] shares = [.. files.Select(static file => file.Share)];
            int ofPackage = shares.Sum(static share => share.Complete), ofPackageTyped = shares.Sum(static share => share.Typed);
            complete += ofPackage;
            typed += ofPackageTyped;
            int all = shares.Sum(static share => share.All), without = shares.Sum(static share => share.Without);
            string row = $"| {modules[0].Split('.')[0]} {await Version(modules[0])} | {string.Join(", ", modules.Select(static module => $"`{module}`"))} | {all} | {ofPackage} | {Percent(ofPackageTyped, ofPackage)} | {shares.Sum(static share => share.Partial)} | {without} ({Percent(without, all)}) |";
            output.WriteLine(row);
            rows.Append(row).Append('\n');
        }

        string table = "| package | modules | members | with complete hints | of these without `PyObject` | with `Any`, or hints missing | without hints |\n|---|---|---|---|---|---|---|\n" + rows
            + $"\nOf {complete} members with complete hints, {Percent(typed, complete)} are typed without `PyObject`.\n";
        output.WriteLine($"{typed} of {complete}: {Percent(typed, complete)}");
        bool isDebians = await IsDebians();
        string path = Path.Combine(Repository.Root, Report), text = File.ReadAllText(path).ReplaceLineEndings("\n");
        int start = text.IndexOf(TableStart, StringComparison.Ordinal) + TableStart.Length, end = text.IndexOf(TableEnd, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("PYASYNC_UPDATE_BIND_REPORT") == "1")
        {
            File.WriteAllText(path, text[..start] + table + text[end..]);
        }
        else if (isDebians)
        {
            table.ShouldBe(text[start..end], "Set PYASYNC_UPDATE_BIND_REPORT=1 and run this test to write the table.");
        }

        (typed / (double)complete).ShouldBeGreaterThanOrEqualTo(isDebians ? 0.9 : 0.85);
    }

    private static string Percent(int part, int all) => all == 0 ? "–" : (100.0 * part / all).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Returns the code of the first run, which the first caller starts.</summary>
    private static async Task<IReadOnlyList<GeneratedFile>> First(string package)
    {
        string top = package.Split('.')[0];
        (int code, _) = await Python($"import importlib.util, sys; sys.exit(importlib.util.find_spec('{top}') is None)");
        Assert.SkipWhen(code != 0, $"{top} is not installed in {BindTool.TestedPython}. On Debian type: apt-get install python3-{top}");
        return await s_first.GetOrAdd(package, static name => new(() => Bind(name))).Value;
    }

    private static async Task<IReadOnlyList<GeneratedFile>> Bind(string package)
    {
        string[] modules = s_packages.Single(one => one[0] == package);
        PythonProgram program = await HintReader.Read(BindTool.TestedPython, [.. modules.Select(static name => new ReaderModule(name, null))], [], import: false, CancellationToken.None);
        return Bindings.Create(program, "Bound");
    }

    private static async Task<string> Version(string package) =>
        (await Python($"import importlib.metadata; print(importlib.metadata.version('{package.Split('.')[0]}'))")).Output;

    /// <summary>Returns true on the Python and the packages of the report: Debian's own.</summary>
    private static async Task<bool> IsDebians() =>
        (await Python("import sys, aiohttp; print(sys.version_info[:2] == (3, 11) and aiohttp.__file__.startswith('/usr/lib/python3/dist-packages'))")).Output == "True";

    private static async Task<(int Code, string Output)> Python(string code)
    {
        using Process process = Process.Start(new ProcessStartInfo(BindTool.TestedPython, ["-c", code]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text.Trim());
    }
}
