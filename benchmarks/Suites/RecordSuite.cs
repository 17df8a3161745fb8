using System.Diagnostics;
using PyAsync.Interop;

namespace PyAsync.Benchmarks;

/// <summary>A record of five fields.</summary>
[PyRecord]
internal sealed record Measured(int Id, string Name, double Price, bool IsOpen, long Count);

/// <summary>Measures the conversion of a record of five fields, over five conversions of single values of the same types.</summary>
internal static class RecordSuite
{
    private const int Count = 20_000;

    public static async Task Run(BenchRun run)
    {
        var record = new Measured(1_000, "name", 1.5, true, 123_456_789);
        using PyObject dict = PyObject.From(record, PyConvert.Record<Measured>());
        using PyObject id = dict["id"], name = dict["name"], price = dict["price"], isOpen = dict["is_open"], count = dict["count"];
        await run.Contest("A record of five fields from Python, µs")
            .Add("the record, from a `dict`", () => OnLoop(run, () => dict.As(PyConvert.Record<Measured>()).Id))
            .Add("five single values", () => OnLoop(run, () =>
                id.As(PyConvert.Int32) + name.As(PyConvert.String).Length + (int)price.As(PyConvert.Double) + (isOpen.As(PyConvert.Boolean) ? 1 : 0) + (int)count.As(PyConvert.Int64)))
            .Holds(Bounds.RecordFromPython, "both", static c => c.OnOneThread("the record, from a `dict`") / c.OnOneThread("five single values"))
            .Run();
        await run.Contest("A record of five fields to Python, µs")
            .Add("the record, to a `dict`", () => OnLoop(run, () => Drop(PyObject.From(record, PyConvert.Record<Measured>()))))
            .Add("five single values", () => OnLoop(run, () =>
                Drop(PyObject.From(record.Id, PyConvert.Int32)) + Drop(PyObject.From(record.Name, PyConvert.String)) + Drop(PyObject.From(record.Price, PyConvert.Double))
                + Drop(PyObject.From(record.IsOpen, PyConvert.Boolean)) + Drop(PyObject.From(record.Count, PyConvert.Int64))))
            .Holds(Bounds.RecordToPython, "both", static c => c.OnOneThread("the record, to a `dict`") / c.OnOneThread("five single values"))
            .Run();
    }

    private static int Drop(PyObject converted)
    {
        converted.Dispose();
        return 1;
    }

    private static Task<double> OnLoop(BenchRun run, Func<int> convert) =>
        run.Reference.Runtime.InvokeAsync(() =>
        {
            long start = Stopwatch.GetTimestamp();
            int sum = 0;
            for (int i = 0; i < Count; i++)
            {
                sum += convert();
            }

            return sum == 0 ? throw new InvalidOperationException("Nothing was converted.") : Stopwatch.GetElapsedTime(start).TotalMicroseconds / Count;
        });
}
