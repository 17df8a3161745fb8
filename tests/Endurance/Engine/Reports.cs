using System.Collections.Concurrent;
using PyAsync.Interop;
using PyAsync.Testing.Host;

namespace PyAsync.Endurance;

/// <summary>
/// Collects reports of failures that no code awaits: warnings and errors in the logs of the runtimes and of asyncio, exceptions that Python cannot raise,
/// and Python's warnings. Each report has to be expected, and each expected one has to come once.
/// </summary>
internal sealed class Reports
{
    private const string Source = """
        import logging, sys, warnings

        class Handler(logging.Handler):
            def emit(self, record):
                # A slow callback, which asyncio reports in debug mode: a busy machine.
                if not record.msg.startswith("Executing "):
                    report(self.format(record))

        def install(function):
            global report
            report = function
            logger = logging.getLogger("asyncio")
            logger.addHandler(Handler(logging.WARNING))
            logger.propagate = False
            sys.unraisablehook = lambda args: report(f"{args.err_msg or 'unraisable'}: {args.exc_value!r} in {args.object!r}")
            warnings.simplefilter("always", RuntimeWarning)
            warnings.simplefilter("always", ResourceWarning)
            warnings.showwarning = lambda message, category, *_: report(f"{category.__name__}: {message}")
        """;

    private readonly ConcurrentDictionary<string, string> _expected = [];

    /// <summary>Gets the log of the runtimes, whose entries are reports.</summary>
    public WarningLog Log { get; } = new();

    /// <summary>Makes Python report here. Called once, with an interpreter.</summary>
    public void InstallInPython()
    {
        using PyObject module = PyObject.ImportSource(Source, "endurance_reports");
        using PyObject report = PyFunction.Create("report", arguments =>
        {
            Log.Entries.Enqueue(arguments.Get<string>(0));
            return null;
        });
        module.CallMethod("install", [report]).Dispose();
    }

    /// <summary>Makes the check expect one report with this text, for an actor.</summary>
    public void Expect(string marker, string kind) => _expected[marker] = kind;

    /// <summary>Compares the reports with the expected ones: true once all have come. Records faults only if <paramref name="isLast"/>.</summary>
    public bool Check(Ledger ledger, bool isLast)
    {
        if (!isLast && _expected.Keys.Any(marker => !Log.Entries.Any(entry => entry.Contains(marker, StringComparison.Ordinal))))
        {
            return false;
        }

        var counts = _expected.Keys.ToDictionary(static marker => marker, static _ => 0);
        while (Log.Entries.TryDequeue(out string? entry))
        {
            string? marker = counts.Keys.FirstOrDefault(marker => entry.Contains(marker, StringComparison.Ordinal));
            if (marker is null)
            {
                ledger.AddFault("reports", FaultKind.Report, "not expected: " + entry);
            }
            else
            {
                counts[marker]++;
            }
        }

        foreach ((string marker, int count) in counts)
        {
            if (_expected.TryRemove(marker, out string? kind) && count != 1)
            {
                ledger.AddFault(kind, FaultKind.Report, $"\"{marker}\" was reported {count} times");
            }
        }

        return true;
    }
}
