using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace PyAsync.Benchmarks;

/// <summary>
/// The full run of a Python: a process for each loop, pinned to one core and not, one for modules, then the report of all Pythons that were measured.
/// </summary>
internal static class WholeRun
{
    /// <summary>
    /// The number of times that a quick run, which has few rounds, measures what has missed a bound: a bound is missed if it is missed each
    /// time, in separate processes. A full run measures once, and reports the result.
    /// </summary>
    private const int QuickAttempts = 4;

    private static readonly string s_folder =
        typeof(WholeRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "Folder").Value!;

    /// <summary>The measurements of the full runs: a folder for each Python.</summary>
    private static readonly string s_measured = Path.Combine(AppContext.BaseDirectory, "measured");

    private static readonly string s_unfinished = Path.Combine(AppContext.BaseDirectory, "measured-unfinished");

    private static readonly string s_modules = Path.Combine(s_folder, "Modules", "run.sh");

    /// <summary>The script makes this file when the modules are published.</summary>
    private static readonly string s_published = Path.Combine(s_folder, "../artifacts/bench-module/published");

    private static readonly string s_web = Path.Combine(s_folder, "Web", "run.sh");

    private static readonly Part[] s_parts =
    [
        OfLoop("asyncio", pinned: true),
        OfLoop("asyncio", pinned: false),
        OfLoop("uvloop", pinned: true),
        OfLoop("uvloop", pinned: false),
        new(ProcessResults.Modules, "Python modules written in C#", MeasureModules, PublishModules),
        new(ProcessResults.Web, "ASGI applications, compared with uvicorn", MeasureWeb, BuildWeb),
    ];

    /// <returns>
    /// The program's exit code: 0 if every bound holds, <see cref="Measuring.CannotBeMeasured"/> if bounds were missed in a quick run, but only while
    /// other programs used the machine.
    /// </returns>
    public static async Task<int> Run(Options options)
    {
        long start = Stopwatch.GetTimestamp();
        string folder = Directory.CreateDirectory(options.WritesReport ? s_unfinished : Path.Combine(AppContext.BaseDirectory, "measured-in-part")).FullName;
        double load = 0;
        bool wasQuietAndMissed = false;
        foreach (Part part in s_parts)
        {
            double leastLoad = await Measure(part, folder, options);
            load = Math.Max(load, leastLoad);
            wasQuietAndMissed |= leastLoad <= OtherLoad.Limit && File.Exists(part.FileIn(folder)) && !Holds(Read(part.FileIn(folder)));
        }

        List<ProcessResults> results = Measured(folder);
        if (options.WritesReport)
        {
            string finished = Path.Combine(s_measured, results[0].PythonMinor);
            Directory.CreateDirectory(finished);
            foreach (string file in Directory.GetFiles(folder))
            {
                File.Move(file, Path.Combine(finished, Path.GetFileName(file)), overwrite: true);
            }

            Render();
        }

        Summarize(results, Stopwatch.GetElapsedTime(start));
        if (results.All(Holds))
        {
            return 0;
        }

        if (wasQuietAndMissed || !options.Quick)
        {
            return 1;
        }

        Console.WriteLine($"the machine is busy: other programs used {load:P0} of a processor meanwhile, so the missed bounds are ignored. Measure again without that load: benchmarks/run.sh --quick");
        return Measuring.CannotBeMeasured;
    }

    private static bool Holds(ProcessResults process) => process.Bounds.All(static bound => bound.Holds);

    /// <summary>Measures a part; in a quick run what has missed a bound again, while it does.</summary>
    /// <returns>The share of one processor that other programs used, in the attempt with the least load.</returns>
    private static async Task<double> Measure(Part part, string folder, Options options)
    {
        string file = part.FileIn(folder);
        File.Delete(file);
        ProcessResults? measured = null;
        double leastLoad = double.MaxValue;
        if (part.Prepare is not null && await part.Prepare(options) is int unprepared and not 0)
        {
            return unprepared == Measuring.CannotBeMeasured ? 0 : throw new InvalidOperationException($"What prepares {part.Title} ended with {unprepared}.");
        }

        Options wanted = options;
        for (int attempt = 0; attempt < (options.Quick ? QuickAttempts : 1); attempt++)
        {
            Console.WriteLine($"\n=== {part.Title}{(attempt == 0 ? "" : ", once more")} ===");
            var load = new OtherLoad();
            int code = await part.Measure(file, wanted);
            leastLoad = Math.Min(leastLoad, load.Share);
            if (code is not (0 or Measuring.CannotBeMeasured))
            {
                throw new InvalidOperationException($"The process that measures {part.Title} ended with {code}.");
            }

            if (!File.Exists(file))
            {
                return 0;
            }

            ProcessResults now = Read(file);
            measured = measured is null ? now : measured.WithBetterOf(now);
            if (Holds(measured))
            {
                break;
            }

            wanted = options with { Parts = measured.MissedParts ?? options.Parts };
        }

        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(measured));
        return leastLoad;
    }

    /// <summary>Writes the report, from the measurements of the last full run of each Python.</summary>
    public static void Render() => Write([.. Directory.GetDirectories(s_measured).SelectMany(Measured)]);

    private static List<ProcessResults> Measured(string folder) =>
        [.. s_parts
            .Select(part => part.FileIn(folder))
            .Where(File.Exists)
            .Select(Read)];

    private static ProcessResults Read(string file) => JsonSerializer.Deserialize<ProcessResults>(File.ReadAllText(file))!;

    private static Part OfLoop(string loop, bool pinned)
    {
        string name = pinned ? $"{loop}-one-core" : loop;
        return new(name, $"{loop}, {(pinned ? "pinned to one core" : "not pinned")}", (file, options) => Measure(loop, pinned, file, options), IsWanted);

        Task<int> IsWanted(Options options) => Task.FromResult(options.WantsLoop(name) ? 0 : Measuring.CannotBeMeasured);
    }

    private static async Task<int> Measure(string loop, bool pinned, string file, Options options)
    {
        if (pinned && !ChildProcess.CanPin)
        {
            Console.WriteLine("Cannot be measured: taskset (util-linux) is not installed.");
            return Measuring.CannotBeMeasured;
        }

        return await ChildProcess.Show(pinned, [Measuring.ChildArgument, loop, file, .. options.ToArguments()]);
    }

    /// <summary>Publishes the modules, before the load of other programs is measured: the build's servers are no children of this process.</summary>
    private static async Task<int> PublishModules(Options options) =>
        !File.Exists(s_modules) || !options.Wants(ProcessResults.Modules) ? Measuring.CannotBeMeasured
        : options.NoBuild && File.Exists(s_published) ? 0
        : await Run(s_modules, "--publish");

    /// <summary>Runs a separate script, because modules are built and imported differently; its results have the same form.</summary>
    private static Task<int> MeasureModules(string file, Options options) => Run(s_modules, options.Quick ? [file, "--quick"] : [file]);

    private static async Task<int> BuildWeb(Options options) =>
        File.Exists(s_web) && options.Wants(ProcessResults.Web) ? await Run(s_web, "--build") : Measuring.CannotBeMeasured;

    private static Task<int> MeasureWeb(string file, Options options) => Run(s_web, options.Quick ? [file, "--quick"] : [file]);

    private static async Task<int> Run(string script, params string[] arguments)
    {
        using var process = Process.Start(script, arguments);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static void Write(List<ProcessResults> results)
    {
        var report = new MarkdownReport(results, Machine.Current);
        foreach (ProcessResults process in report.Charted)
        {
            SvgCharts.Write(Path.Combine(s_folder, "charts"), process, report.IsOfNewest(process));
        }

        if (results.Where(static process => process.IsOfWeb).MaxBy(static process => Version.Parse(process.PythonMinor)) is { } web)
        {
            WebChart.Write(Path.Combine(s_folder, "charts"), web);
        }

        string path = Path.Combine(s_folder, "RESULTS.md");
        File.WriteAllText(path, report.Write());
        Console.WriteLine($"\nwritten: {path}");
    }

    private static void Summarize(List<ProcessResults> results, TimeSpan took)
    {
        Console.WriteLine();
        foreach (ProcessResults process in results)
        {
            foreach (BoundResult bound in process.Bounds.Where(static bound => !bound.Holds))
            {
                Console.WriteLine($"MISSED {process.Title}: {bound.Bound} [{bound.Subject}]: {bound.Value:0.###}, at most {bound.Limit:0.###}");
            }
        }

        int all = results.Sum(static process => process.Bounds.Count);
        int missed = results.Sum(static process => process.Bounds.Count(static bound => !bound.Holds));
        Console.WriteLine($"{all - missed} of {all} bounds hold; {took.TotalSeconds:0} s");
    }

    /// <summary>The measurements of one process.</summary>
    /// <param name="Name">The name of its file.</param>
    /// <param name="Title">Its title in the output.</param>
    /// <param name="Measure">Measures into the file; returns the process's exit code.</param>
    /// <param name="Prepare">Prepares all attempts; returns the process's exit code.</param>
    private sealed record Part(string Name, string Title, Func<string, Options, Task<int>> Measure, Func<Options, Task<int>>? Prepare = null)
    {
        public string FileIn(string folder) => Path.Combine(folder, Name + ".json");
    }
}
