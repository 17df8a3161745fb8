using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace PyAsync.Interpreter.Locating;

/// <summary>Probes an interpreter by running it. Only the interpreter knows its library and standard library: the path may be a launcher shim.</summary>
internal sealed class InterpreterProbe
{
    /// <summary>The time that an interpreter has to answer. A cold start from a slow disk takes about a second.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    // Runs on versions back to Python 2.7, so that an old one is reported as old rather than as broken.
    private const string Script = """
        import os, struct, sys, sysconfig
        v = sysconfig.get_config_vars()
        answers = "".join("%s=%s\n" % (k, x or "") for k, x in (
            ("version", "%d.%d.%d" % sys.version_info[:3]),
            ("implementation", getattr(getattr(sys, "implementation", None), "name", "cpython")),
            ("executable", sys.executable),
            ("base_prefix", getattr(sys, "base_prefix", sys.prefix)),
            ("bits", struct.calcsize("P") * 8),
            ("platform", sysconfig.get_platform()),
            ("free_threaded", v.get("Py_GIL_DISABLED")),
            ("framework", v.get("PYTHONFRAMEWORKPREFIX")),
            ("libdir", v.get("LIBDIR")),
            ("libpl", v.get("LIBPL")),
            ("instsoname", v.get("INSTSONAME")),
            ("ldlibrary", v.get("LDLIBRARY")),
        ))
        # To the descriptor: PYTHONIOENCODING may give the stream any encoding, and a sitecustomize.py may replace it.
        os.write(1, os.fsencode(answers) if hasattr(os, "fsencode") else answers)
        """;

    private readonly Dictionary<string, string> _answers;

    private InterpreterProbe(Dictionary<string, string> answers) => _answers = answers;

    /// <summary>Gets its <c>sys.executable</c>; empty if it has none.</summary>
    public string Executable => _answers["executable"];

    public Version Version => Version.Parse(_answers["version"]);

    public string Implementation => _answers["implementation"];

    public string Platform => _answers["platform"];

    public bool IsFreeThreaded => _answers["free_threaded"] is "1";

    public string Bits => _answers["bits"];

    public string BasePrefix => _answers["base_prefix"];

    /// <summary>Gets the paths at which this interpreter expects its shared library, most reliable first.</summary>
    public IEnumerable<string> LibraryCandidates()
    {
        int minor = Version.Minor;
        string[] names = OperatingSystem.IsWindows()
            ? [$"python3{minor}.dll"]
            : [_answers["instsoname"], _answers["ldlibrary"], $"libpython3.{minor}.so.1.0", $"libpython3.{minor}.so", $"libpython3.{minor}.dylib"];
        string[] folders = OperatingSystem.IsWindows()
            ? [BasePrefix, Path.GetDirectoryName(Executable) ?? ""]
            : [_answers["framework"], _answers["libdir"], Path.Combine(BasePrefix, "lib"), _answers["libpl"]];
        return
            from folder in folders
            where folder.Length > 0
            from name in names
            where name.Length > 0 && !name.EndsWith(".a", StringComparison.Ordinal)
            select Path.Combine(folder, name);
    }

    /// <summary>Runs the interpreter once. Returns null, with the reason, if it does not answer.</summary>
    public static InterpreterProbe? Ask(string executable, out string problem) => Ask(executable, out problem, out _);

    /// <summary>Does the same, and finds out whether the environment variables keep the interpreter from starting.</summary>
    public static InterpreterProbe? Ask(string executable, out string problem, out bool isEnvironmentAtFault)
    {
        isEnvironmentAtFault = false;
        if (Run(executable, ["-c", Script], out problem) is { } probe)
        {
            return probe;
        }

        if (DanglingLink.TargetOf(executable) is { } target)
        {
            problem = $"is a link to {target}, which does not exist: that Python was removed or replaced. {Renewal(executable)}";
        }
        else if (Run(executable, ["-E", "-c", Script], out _) is { } other)
        {
            // Without PYTHONHOME and similar variables the interpreter answers.
            isEnvironmentAtFault = true;
            problem = $"does not start {problem.TrimEnd('.')}. {StartFailure.RemedyFor(problem, other.Version) ?? $"With -E, that is without the environment variables that begin with PYTHON, it starts.{StartFailure.Variables()}"}";
        }
        else
        {
            problem = $"did not answer as a Python does {problem}";
        }

        return null;
    }

    private static string Renewal(string executable) =>
        Path.GetDirectoryName(Path.GetDirectoryName(executable)) is { } prefix && VirtualEnvironment.Is(prefix)
            ? $"Make the virtual environment again: python3 -m venv --clear {prefix}."
            : "Name another Python.";

    private static InterpreterProbe? Run(string executable, string[] arguments, out string problem)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = true, // The application's input is not the interpreter's, which with PYTHONINSPECT reads it.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_timeout))
            {
                process.Kill(entireProcessTree: true);
                problem = $"within {s_timeout.TotalSeconds:0} s";
                return null;
            }

            Dictionary<string, string> answers = Parse(output.GetAwaiter().GetResult());
            if (process.ExitCode == 0 && answers.ContainsKey("version") && answers.ContainsKey("ldlibrary"))
            {
                problem = "";
                return new InterpreterProbe(answers);
            }

            problem = $"(exit code {process.ExitCode}): {Message(errors.GetAwaiter().GetResult())}";
            return null;
        }
        catch (Win32Exception e)
        {
            problem = $"(it cannot be started: {e.Message})";
            return null;
        }
    }

    private static Dictionary<string, string> Parse(string text)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                answers[line[..equals]] = line[(equals + 1)..];
            }
        }

        return answers;
    }

    /// <summary>Gets the essential line of an interpreter's output: CPython's fatal error with the exception behind it, else the exception, else the first line.</summary>
    private static string Message(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        const string fatal = "Fatal Python error: ";
        string? error = lines.FirstOrDefault(static line => line.StartsWith(fatal, StringComparison.Ordinal))?[fatal.Length..];
        string? exception = lines.LastOrDefault(static line => line.Split(':')[0].EndsWith("Error", StringComparison.Ordinal) && !line.StartsWith(fatal, StringComparison.Ordinal));
        bool hasTraceback = lines.Any(static line => line.StartsWith("Traceback", StringComparison.Ordinal));
        return error is null ? (hasTraceback ? lines[^1] : lines.FirstOrDefault() ?? "no message")
            : exception is null ? error
            : $"{error} ({exception})";
    }
}
