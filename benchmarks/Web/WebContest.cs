using System.Diagnostics;
using System.Globalization;

namespace PyAsync.Benchmarks;

/// <summary>One application under both servers, a round of each in turn.</summary>
internal sealed class WebContest(WebBounds bounds, WebServer ours, WebServer uvicorn)
{
    // The share of one processor that other programs may use in a round whose speed counts.
    private const double BusyFrom = 0.1;
    private const int RoundsThatCount = 3;
    private const string PyAsync = "PyAsync", Uvicorn = "uvicorn", PythonThread = "PyAsync, Python thread";

    private readonly Samples _ourRate = new(PyAsync), _rate = new(Uvicorn), _ourLatency = new(PyAsync), _latency = new(Uvicorn);
    private readonly Samples _ourTime = new(PyAsync), _time = new(Uvicorn), _ourPythonTime = new(PythonThread), _pauses = new(PyAsync);
    private readonly List<double> _otherLoad = [];

    public async Task WarmUp(int seconds)
    {
        await Wrk.Run(ours.Url, seconds);
        await Wrk.Run(uvicorn.Url, seconds);
    }

    /// <summary>Measures both servers once; the first one changes from round to round.</summary>
    public async Task Round(int seconds)
    {
        double load = 0;
        foreach (WebServer server in (WebServer[])(_otherLoad.Count % 2 == 0 ? [ours, uvicorn] : [uvicorn, ours]))
        {
            double others = Others(server);
            long start = Stopwatch.GetTimestamp();
            TimeSpan process = server.ProcessTime, python = server.PythonTime;
            double pauses = await server.Pauses();
            Load run = await Wrk.Run(server.Url, seconds);
            pauses = await server.Pauses() - pauses;
            process = server.ProcessTime - process;
            python = server.PythonTime - python;
            load = Math.Max(load, (Others(server) - others) / Stopwatch.GetElapsedTime(start).TotalSeconds);

            bool isOurs = server == ours;
            (isOurs ? _ourRate : _rate).Add(run.RequestsPerSecond);
            (isOurs ? _ourLatency : _latency).Add(run.Percentile99);
            (isOurs ? _ourTime : _time).Add(process.TotalMicroseconds / run.Requests);
            if (isOurs)
            {
                _ourPythonTime.Add(python.TotalMicroseconds / run.Requests);
                _pauses.Add(pauses / run.Requests * 1e6);
            }
        }

        _otherLoad.Add(load);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {bounds.Application}: {_ourRate.Last:N0} requests/s, uvicorn {_rate.Last:N0}; p99 {_ourLatency.Last:0.00} ms, uvicorn {_latency.Last:0.00}; µs per request: {_ourTime.Last:0.0}, of the Python thread {_ourPythonTime.Last:0.0}, uvicorn {_time.Last:0.0}; other programs: {load:P0} of a processor"));
    }

    public void Report(ProcessResults results)
    {
        Table(results, "requests per second", _ourRate, _rate);
        Table(results, "99th percentile of the latency, ms", _ourLatency, _latency);
        Table(results, "µs of processor time per request", _ourPythonTime, _ourTime, _time);
        Table(results, "ms of the garbage collector's pauses per million requests", _pauses);

        Check(results, "processor time of the Python thread per request, over that of uvicorn's process", _ourPythonTime.MedianRatio(_time), bounds.PythonTime);
        Check(results, "processor time of the whole process per request, over that of uvicorn's", _ourTime.MedianRatio(_time), bounds.ProcessTime);
        Check(results, "ms of the garbage collector's pauses per million requests", _pauses.Median, WebBounds.Pauses);

        // A speed is meaningful only while no other program needs one of the cores.
        int quiet = _otherLoad.Count(static load => load <= BusyFrom);
        if (quiet < RoundsThatCount)
        {
            Console.WriteLine($"  {bounds.Application}: other programs used more than {BusyFrom:P0} of a processor in {_otherLoad.Count - quiet} of {_otherLoad.Count} rounds, so requests per second and latency are not compared.");
            return;
        }

        Check(results, $"requests per second of uvicorn, over PyAsync's (which has at least {bounds.RequestsPerSecond.ToString(CultureInfo.InvariantCulture)} of uvicorn's)", _rate.MedianRatio(_ourRate, IsQuiet), 1 / bounds.RequestsPerSecond);
        Check(results, "99th percentile of the latency, over uvicorn's", _ourLatency.MedianRatio(_latency, IsQuiet), bounds.Percentile99);
    }

    private bool IsQuiet(int round) => _otherLoad[round] <= BusyFrom;

    private void Table(ProcessResults results, string title, params Samples[] contenders)
    {
        var table = new ResultTable($"{bounds.Application}: {title}", title);
        foreach (Samples contender in contenders)
        {
            table.Add(contender);
        }

        results.Tables.Add(table);
    }

    private void Check(ProcessResults results, string bound, double value, double limit)
    {
        var result = new BoundResult(bound, bounds.Application, value, limit);
        results.Bounds.Add(result);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(result.Holds ? "met   " : "MISSED")} {bound} [{bounds.Application}]: {value:0.###} (at most {limit:0.###})"));
    }

    /// <summary>Gets the seconds of processor time that everything but the measured server, this process and its ended children (wrk) has used.</summary>
    private static double Others(WebServer server)
    {
        long[] all = Numbers(File.ReadLines("/proc/stat").First()["cpu".Length..]);
        string self = File.ReadAllText("/proc/self/stat");
        long[] mine = Numbers(self[(self.LastIndexOf(')') + 3)..]);
        return (all[..8].Sum() - all[3] - all[4] - mine[10..14].Sum()) / 100.0 - server.ProcessTime.TotalSeconds;
    }

    private static long[] Numbers(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static number => long.TryParse(number, CultureInfo.InvariantCulture, out long value) ? value : 0)];
}
