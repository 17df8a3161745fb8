using System.ComponentModel;
using System.Diagnostics;

namespace PyAsync.Interop;

/// <summary>Asks an interpreter about itself. Only it knows which library and standard library belong to it: the path may be a launcher shim.</summary>
internal sealed class InterpreterProbe
{
    /// <summary>How long an interpreter may take to answer. A cold start from a slow disk takes about a second.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    // Runs on anything back to Python 2.7, so that an old one is called old rather than broken.
    private const string Script = """
        import struct, sys, sysconfig
        v = sysconfig.get_config_vars()
        for k, x in (
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
        ):
            sys.stdout.write("%s=%s\n" % (k, x or ""))
        """;

    private readonly Dictionary<string, string> _answers;

    private InterpreterProbe(Dictionary<string, string> answers) => _answers = answers;

    public string Executable => _answers["executable"];

    public Version Version => Version.Parse(_answers["version"]);

    public string Implementation => _answers["implementation"];

    public string Platform => _answers["platform"];

    public bool IsFreeThreaded => _answers["free_threaded"] is "1";

    public string Bits => _answers["bits"];

    public string BasePrefix => _answers["base_prefix"];

    /// <summary>Where this interpreter says its shared library is, most trustworthy first.</summary>
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

    /// <summary>Runs the interpreter once. Null, with the reason, when it does not answer.</summary>
    public static InterpreterProbe? Ask(string executable, out string problem)
    {
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        try
        {
            using var process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(s_timeout))
            {
                process.Kill(entireProcessTree: true);
                problem = $"did not answer within {s_timeout.TotalSeconds:0} s";
                return null;
            }

            Dictionary<string, string> answers = Parse(output.GetAwaiter().GetResult());
            if (process.ExitCode == 0 && answers.ContainsKey("version") && answers.ContainsKey("ldlibrary"))
            {
                problem = "";
                return new InterpreterProbe(answers);
            }

            problem = $"did not answer as a Python does (exit code {process.ExitCode}): {FirstLine(errors.GetAwaiter().GetResult())}";
            return null;
        }
        catch (Win32Exception e)
        {
            problem = $"cannot be started: {e.Message}";
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

    private static string FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? last : "no message";
}
