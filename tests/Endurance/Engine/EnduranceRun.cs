using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>
/// Runs rounds until the time is up: a round starts a runtime of a random backend and loop, has all actors work with it side by side, stops it, waits for
/// all work to end, and reads what the process holds.
/// </summary>
internal sealed class EnduranceRun(RunSettings settings)
{
    /// <summary>The time that all work of a round has to end after its actors have ended: more than a busy machine needs.</summary>
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(30);

    private readonly Ledger _ledger = new();
    private readonly Reports _reports = new();
    private readonly List<Sample> _samples = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _rounds;

    /// <summary>Runs, and prints the tables. Gives the exit code.</summary>
    public async Task<int> Run()
    {
        // On a thread that Python owns, as in a host: child processes cover the main thread.
        PythonInterpreter python = PythonInterpreter.Start();
        string[] loops = Combination.FindLoops();
        Console.WriteLine($"seed {settings.Seed}, {settings.Duration.TotalMinutes:0.##} minutes, {python.Installation}, loops {string.Join(" and ", loops)}, .NET {Environment.Version}, {Environment.ProcessorCount} processors");
        _reports.InstallInPython();
        Actor[] actors = [.. Actors.All.Where(actor => settings.Takes(actor.Kind))];
        Actor[] working = [.. actors.Where(static actor => actor.SkipReason is null)];
        var resources = new Resources();
        var random = new Random(settings.Seed);
        var report = new RunReport(_ledger, _samples, resources.Measures, actors, loops);
        using (new Watchdog(() => _ledger.Ended, () => Hang(report)))
        {
            foreach (Actor actor in working)
            {
                actor.Prepare();
                _ledger.TallyOf(actor.Kind);
            }

            var first = new Queue<Combination>(Combination.Each(loops).OrderBy(_ => random.Next()));
            do
            {
                await Round(first.TryDequeue(out Combination? next) ? next : Combination.Choose(random, loops), working, random);
                _samples.Add(new Sample(_watch.Elapsed, _rounds, _ledger.Ended, resources.Read()));
                if (_watch.Elapsed > settings.Duration / 3)
                {
                    report.TypesBefore ??= resources.CountTypes();
                }
            }
            while (_watch.Elapsed < settings.Duration);

            report.TypesAfter = resources.CountTypes();
        }

        foreach (Actor actor in working)
        {
            actor.Dispose();
        }

        resources.Dispose();
        return report.Print(_watch.Elapsed);
    }

    private async Task Round(Combination combination, Actor[] actors, Random random)
    {
        _rounds++;
        TimeSpan begun = _watch.Elapsed;

        IRuntime runtime = combination.CreateRuntime(_reports.Log);
        await runtime.StartAsync();
        (Actor Actor, Scene Scene)[] parts = [.. actors.Select(actor => (Actor: actor, Takes: random.Next(100) < actor.Share, Seed: random.Next()))
            .Where(static part => part.Takes)
            .Select(part => (part.Actor, new Scene(runtime, combination, _ledger, _reports, part.Seed)))];
        await Task.WhenAll(parts.Select(part => Task.Run(() => Act(part.Actor, part.Scene))));

        // Cancelled and abandoned calls may still be in flight, and so may the report of a failure that no code awaits.
        var wait = Stopwatch.StartNew();
        while ((_ledger.Open > 0 || !_reports.Check(_ledger, isLast: false)) && wait.Elapsed < s_late)
        {
            await Task.Delay(5);

            // The report of a task's failure comes with the collection of the task.
            await runtime.InvokeAsync(Collect);
        }

        _ledger.CloseLost($"in round {_rounds}, {combination}");
        _reports.Check(_ledger, isLast: true);
        foreach ((_, Scene scene) in parts)
        {
            scene.Dispose();
        }

        wait.Restart();
        await runtime.DisposeAsync();
        if (wait.Elapsed > Combination.ShutdownTimeout)
        {
            _ledger.AddFault("runtimes", FaultKind.Lost, $"{combination} took {wait.Elapsed} to stop with no work in flight");
        }

        if (settings.Verbose)
        {
            Console.WriteLine($"{begun:hh\\:mm\\:ss} round {_rounds}: {combination}, {_ledger.Ended} pieces");
        }

        Collect();
        _reports.Check(_ledger, isLast: true);
    }

    private async Task Act(Actor actor, Scene scene)
    {
        try
        {
            await actor.Act(scene);
        }
        catch (Exception e)
        {
            _ledger.AddFault(actor.Kind, FaultKind.Wrong, $"in round {_rounds}, {scene.Combination}: {e}");
        }
    }

    private static void Collect()
    {
        using PyObject gc = PyObject.Import("gc");
        gc.CallMethod("collect").Dispose();
    }

    private void Hang(RunReport report)
    {
        Console.WriteLine($"Nothing has ended for {Watchdog.Limit}; in round {_rounds}.");
        _ledger.CloseLost($"in round {_rounds}, which hangs");
        report.Print(_watch.Elapsed);
    }
}
