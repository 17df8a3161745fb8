using PyAsync.Interop;

namespace PyAsync.Endurance;

/// <summary>Reads how much the process holds, when no work is in flight.</summary>
internal sealed class Resources : IDisposable
{
    private const string Source = """
        import gc, sys

        def collect():
            gc.collect()
            gc.collect()

        def blocks():
            return sys.getallocatedblocks()

        def references():
            # Debug builds only. -1: there is no count.
            return sys.gettotalrefcount() if hasattr(sys, "gettotalrefcount") else -1

        def types():
            counts = {}
            for o in gc.get_objects():
                name = f"{type(o).__module__}.{type(o).__qualname__}"
                counts[name] = counts.get(name, 0) + 1
            return counts
        """;

    private static readonly (double, string) s_count = (1, ""), s_megabytes = (1 << 20, " MB");

    private readonly PyObject _module = PyObject.ImportSource(Source, "endurance_resources");
    private readonly PyObject _collect;
    private readonly PyObject _blocks;
    private readonly PyObject _references;

    public Resources()
    {
        _collect = _module.GetAttr("collect");
        _blocks = _module.GetAttr("blocks");
        _references = _module.GetAttr("references");
        Measures =
        [
            new("Python blocks", s_count, 1_500, 0.01, () => _blocks.Call<long>()),
            new("references", s_count, 2_000, 0, () => _references.Call<long>() is var count and >= 0 ? count : null),
            new(".NET heap", s_megabytes, 3 << 20, 0.1, () => GC.GetTotalMemory(forceFullCollection: true)),
            new("RSS", s_megabytes, 48 << 20, 0.2, () => ReadStatus("VmRSS:") * 1024),
            new("descriptors", s_count, 8, 0, () => Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : null),
            new("threads", s_count, 12, 0, () => ReadStatus("Threads:")),
        ];
    }

    public IReadOnlyList<Measure> Measures { get; }

    /// <summary>Collects garbage on both sides, as objects of one side are held by the other, and reads all.</summary>
    public long?[] Read()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            _collect.Call().Dispose();
        }

        return [.. Measures.Select(static measure => measure.Read())];
    }

    /// <summary>Counts the Python objects that Python's collector knows, by type: the growing type shows the cause.</summary>
    public Dictionary<string, int> CountTypes()
    {
        using PyObject types = _module.GetAttr("types");
        return types.Call<Dictionary<string, int>>();
    }

    public void Dispose()
    {
        _collect.Dispose();
        _blocks.Dispose();
        _references.Dispose();
        _module.Dispose();
    }

    private static long? ReadStatus(string line)
    {
        const string File = "/proc/self/status";
        return System.IO.File.Exists(File)
            ? long.Parse(System.IO.File.ReadLines(File).First(text => text.StartsWith(line, StringComparison.Ordinal))[line.Length..].Replace("kB", "", StringComparison.Ordinal))
            : null;
    }
}
