using System.Diagnostics;
using PyAsync.Interpreter.Locating;

namespace PyAsync.TestRunner.Pythons;

/// <summary>Finds every CPython of a supported version with a shared library, the system's own first, and gives each its role.</summary>
internal static class PythonFinder
{
    // One line: executable, version, debug build, uvloop. Nothing for a Python that cannot be loaded. Debian's Pythons share one folder of packages, so
    // uvloop's may be there without its extension for this version: an import is the test.
    private const string Probe = """
        import os, sys, sysconfig
        v = sysconfig.get_config_vars()
        library = v.get("INSTSONAME") or ""
        shared = not library.endswith(".a") and os.path.exists(os.path.join(v.get("LIBDIR") or "", library))
        try:
            import uvloop
        except ImportError:
            uvloop = None
        if shared and not v.get("Py_GIL_DISABLED"):
            print(os.path.realpath(sys.executable), "%d.%d.%d" % sys.version_info[:3], hasattr(sys, "gettotalrefcount"), uvloop is not None, sep="\t")
        """;

    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Finds the Pythons, ordered by version.</summary>
    /// <param name="names">Versions or paths of the Pythons to use; empty for all that are found.</param>
    /// <param name="root">The root with newer Pythons.</param>
    public static IReadOnlyList<Python> Find(IReadOnlyCollection<string> names, PythonRoot root)
    {
        // A path that the user names need not be in the usual places.
        Python[] found = [.. Candidates().Concat(names.Where(File.Exists)).Distinct().Select(candidate => Inspect(candidate, [])).OfType<Python>().DistinctBy(python => python.Executable)];
        Python[] newer = [.. root.Executables.Select(candidate => Inspect(candidate, root.Prefix)).OfType<Python>()];
        found = [.. found, .. Needed(newer, found)];
        return WithRoles([.. found.Where(python => names.Count == 0 || names.Any(name => python.IsCalled(name) || IsFile(name, python)))]);
    }

    /// <summary>Selects those of the root's Pythons that this machine lacks: minor versions, and one debug build, of the newest version that has uvloop.</summary>
    internal static IEnumerable<Python> Needed(IReadOnlyList<Python> newer, IReadOnlyList<Python> found)
    {
        Version? newest = newer.Where(python => python.Loops.Contains(EventLoop.Uvloop)).Max(python => python.Minor);
        return newer.Where(python => found.All(other => other.IsDebugBuild != python.IsDebugBuild || other.Minor != python.Minor) && (!python.IsDebugBuild || python.Minor == newest));
    }

    /// <summary>Gives each Python its role.</summary>
    /// <param name="pythons">The Pythons; of two with the same minor version the preferred one first.</param>
    internal static IReadOnlyList<Python> WithRoles(IReadOnlyList<Python> pythons)
    {
        Python[] perMinor = [.. pythons.Where(python => !python.IsDebugBuild).DistinctBy(python => python.Minor)];
        Version? oldest = perMinor.Min(python => python.Minor), newest = perMinor.Max(python => python.Minor);

        // A new Python is released some time before uvloop supports it: the rows of the newest Python need both loops.
        newest = perMinor.Where(python => python.Minor != oldest && python.Loops.Contains(EventLoop.Uvloop)).Max(python => python.Minor) ?? newest;
        return [.. pythons.Select(python => python with { Roles = RolesOf(python) }).OrderBy(python => python.Version).ThenBy(python => python.IsDebugBuild)];

        PythonRoles RolesOf(Python python)
        {
            if (python.IsDebugBuild)
            {
                return PythonRoles.DebugBuild;
            }

            if (!perMinor.Contains(python))
            {
                return PythonRoles.OtherPatch;
            }

            PythonRoles ends = (python.Minor == oldest ? PythonRoles.Oldest : 0) | (python.Minor == newest ? PythonRoles.Newest : 0);
            return ends == PythonRoles.None ? PythonRoles.Between : ends;
        }
    }

    private static IEnumerable<string> Candidates()
    {
        string[] names = ["python3", .. SupportedPythons.Minors.SelectMany(minor => (string[])[$"python3.{minor}", $"python3.{minor}d"])];
        string pyenv = Environment.GetEnvironmentVariable("PYENV_ROOT")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pyenv");
        string versions = Path.Combine(pyenv, "versions");
        string[] folders =
        [
            "/usr/bin",
            "/usr/local/bin",
            .. Directory.Exists(versions) ? Directory.GetDirectories(versions).Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")) : [],
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        ];
        return folders.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).Where(File.Exists);
    }

    private static Python? Inspect(string candidate, IReadOnlyList<string> prefix)
    {
        string[] command = [.. prefix, candidate, "-c", Probe];
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string[] fields = process.StandardOutput.ReadToEnd().Trim().Split('\t');
        process.WaitForExit(s_probeTimeout);
        if (fields is not [string executable, string version, string isDebugBuild, string hasUvloop] || !IsSupported(Version.Parse(version)))
        {
            return null;
        }

        return new Python(executable, Version.Parse(version), hasUvloop == "True" ? [EventLoop.Asyncio, EventLoop.Uvloop] : [EventLoop.Asyncio], isDebugBuild == "True") { Prefix = prefix };
    }

    private static bool IsSupported(Version version) => version >= SupportedPythons.Oldest && version.Major == 3 && version.Minor <= SupportedPythons.Newest.Minor;

    private static bool IsFile(string name, Python python) =>
        File.Exists(name) && (File.ResolveLinkTarget(name, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(name)) == python.Executable;
}
