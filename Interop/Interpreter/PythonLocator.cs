using System.Runtime.InteropServices;
using System.Text;

namespace PyAsync.Interop;

/// <summary>
/// Finds the Python to load. What the application or the user named is used or refused, never silently replaced;
/// only when nothing is named does the search go on from PATH to the usual folders.
/// </summary>
internal sealed class PythonLocator
{
    internal const string EnvironmentVariable = "PYASYNC_PYTHON";

    internal static readonly Version OldestSupported = new(3, 10);

    private readonly StringBuilder _tried = new();
    private readonly Func<string, string?> _environment;

    /// <param name="environment">Reads an environment variable; tests put their own here.</param>
    public PythonLocator(Func<string, string?>? environment = null) =>
        _environment = environment ?? System.Environment.GetEnvironmentVariable;

    /// <exception cref="PythonNotFoundException">Nothing usable; the message lists what was tried and the install command.</exception>
    public PythonInstallation Locate(string? named)
    {
        if (Named(named) is var (value, source))
        {
            return FromNamed(value, source) ?? throw NotFound();
        }

        foreach (string name in NamesOnPath())
        {
            if (OnPath(name) is string path && FromExecutable(path, $"{name} on PATH") is { } found)
            {
                return found;
            }
        }

        foreach (string library in UsualLibraries())
        {
            if (File.Exists(library) && FromLibrary(library, "usual library folder") is { } found)
            {
                return found;
            }
        }

        throw NotFound();
    }

    private (string Value, string Source)? Named(string? option)
    {
        if (!string.IsNullOrWhiteSpace(option))
        {
            return (option, "the Python option");
        }

        foreach (string variable in new[] { EnvironmentVariable, "VIRTUAL_ENV", "CONDA_PREFIX" })
        {
            if (_environment(variable) is { Length: > 0 } value)
            {
                return (value, variable);
            }
        }

        return null;
    }

    private PythonInstallation? FromNamed(string value, string source)
    {
        if (Directory.Exists(value))
        {
            string[] inside = OperatingSystem.IsWindows()
                ? ["Scripts\\python.exe", "python.exe"]
                : ["bin/python3", "bin/python"];
            foreach (string relative in inside)
            {
                string executable = Path.Combine(value, relative);
                if (File.Exists(executable))
                {
                    return FromExecutable(executable, source);
                }
            }

            return Refuse(source, value, $"the folder holds no {inside[0]}");
        }

        if (LooksLikeLibrary(value))
        {
            return File.Exists(value) ? FromLibrary(value, source) : Refuse(source, value, "no such file");
        }

        if (File.Exists(value))
        {
            return FromExecutable(Path.GetFullPath(value), source);
        }

        return OnPath(value) is { } onPath
            ? FromExecutable(onPath, source)
            : Refuse(source, value, "no such file, and no such command on PATH");
    }

    private PythonInstallation? FromExecutable(string executable, string source)
    {
        if (InterpreterProbe.Ask(executable, out string problem) is not { } probe)
        {
            return Refuse(source, executable, problem);
        }

        string what = $"{executable} (Python {probe.Version})";
        if (probe.Implementation != "cpython")
        {
            return Refuse(source, what, $"is {probe.Implementation}; only CPython has the C API that PyAsync needs");
        }

        if (probe.Version < OldestSupported)
        {
            return Refuse(source, what, $"is too old: {OldestSupported} or newer is needed");
        }

        if (probe.IsFreeThreaded)
        {
            return Refuse(source, what, "is a free-threaded build, whose objects have another layout; use the ordinary build");
        }

        if (!MatchesProcess(probe))
        {
            return Refuse(source, what, $"is built for {probe.Platform} ({probe.Bits} bit), but this process runs as {RuntimeInformation.ProcessArchitecture}");
        }

        if (probe.LibraryCandidates().FirstOrDefault(File.Exists) is { } library)
        {
            return new PythonInstallation(library, probe.Executable, probe.Version, source);
        }

        return Refuse(source, what, $"has no shared library (looked for {string.Join(", ", probe.LibraryCandidates().Distinct())}). {InstallHint.ForLibrary(probe.Version, executable)}");
    }

    private PythonInstallation? FromLibrary(string library, string source)
    {
        string name = Path.GetFileName(library);
        if (VersionInName(name) is not { } version)
        {
            return Refuse(source, library, "its name tells no version, such as libpython3.11.so.1.0");
        }

        if (version < OldestSupported)
        {
            return Refuse(source, library, $"is too old: {OldestSupported} or newer is needed");
        }

        if (name.Contains($"3.{version.Minor}t", StringComparison.Ordinal) || name.Contains($"3{version.Minor}t.", StringComparison.Ordinal))
        {
            return Refuse(source, library, "is a free-threaded build, whose objects have another layout; use the ordinary build");
        }

        return new PythonInstallation(library, null, version, source);
    }

    /// <summary>3.11 out of libpython3.11.so.1.0, libpython3.13t.dylib or python311.dll.</summary>
    private static Version? VersionInName(string name)
    {
        int start = name.IndexOf("python3", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return null;
        }

        string digits = string.Concat(name[(start + 7)..].TrimStart('.').TakeWhile(char.IsAsciiDigit));
        return int.TryParse(digits, out int minor) ? new Version(3, minor) : null;
    }

    private static bool LooksLikeLibrary(string value) =>
        Path.GetFileName(value) is var name
        && (name.Contains(".so", StringComparison.Ordinal)
            || name.EndsWith(".dylib", StringComparison.Ordinal)
            || name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase));

    private static bool MatchesProcess(InterpreterProbe probe)
    {
        if (probe.Bits != (nint.Size * 8).ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            return false;
        }

        // "linux-x86_64", "win-amd64", "macosx-11.0-arm64", "macosx-10.9-universal2"
        string[] mine = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => ["x86_64", "amd64", "universal2"],
            Architecture.Arm64 => ["aarch64", "arm64", "universal2"],
            _ => [""],
        };
        return mine.Any(suffix => probe.Platform.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> NamesOnPath() =>
        ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];

    private string? OnPath(string name)
    {
        string[] extensions = OperatingSystem.IsWindows() ? [".exe", ""] : [""];
        return (
            from folder in (_environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            from extension in extensions
            let path = Path.Combine(folder, name + extension)
            where File.Exists(path)
            select path).FirstOrDefault();
    }

    private IEnumerable<string> UsualLibraries()
    {
        string? multiarch = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x86_64-linux-gnu",
            Architecture.Arm64 => "aarch64-linux-gnu",
            _ => null,
        };
        for (int minor = 14; minor >= OldestSupported.Minor; minor--)
        {
            if (OperatingSystem.IsWindows())
            {
                yield return Path.Combine(_environment("LOCALAPPDATA") ?? "", "Programs", "Python", $"Python3{minor}", $"python3{minor}.dll");
                yield return Path.Combine(_environment("ProgramFiles") ?? "", $"Python3{minor}", $"python3{minor}.dll");
            }
            else if (OperatingSystem.IsMacOS())
            {
                yield return $"/Library/Frameworks/Python.framework/Versions/3.{minor}/lib/libpython3.{minor}.dylib";
                yield return $"/opt/homebrew/lib/libpython3.{minor}.dylib";
                yield return $"/usr/local/lib/libpython3.{minor}.dylib";
            }
            else
            {
                if (multiarch is not null)
                {
                    yield return $"/usr/lib/{multiarch}/libpython3.{minor}.so.1.0";
                }

                yield return $"/usr/lib64/libpython3.{minor}.so.1.0";
                yield return $"/usr/lib/libpython3.{minor}.so.1.0";
                yield return $"/usr/local/lib/libpython3.{minor}.so.1.0";
            }
        }
    }

    private PythonInstallation? Refuse(string source, string what, string why)
    {
        _tried.Append("\n  - ").Append(source).Append(": ").Append(what).Append(' ').Append(why);
        return null;
    }

    private PythonNotFoundException NotFound()
    {
        string tried = _tried.Length > 0
            ? _tried.ToString()
            : "\n  - no python3 on PATH, no libpython in the usual folders";
        return new PythonNotFoundException(
            $"No usable CPython ({OldestSupported} or newer, with its shared library) was found. Tried:{tried}\n"
            + $"To install one: {InstallHint.ForPython()}\n"
            + $"To name one: the option PyAsync:Python, or the environment variable {EnvironmentVariable}; a path to an interpreter, a virtual environment or a libpython.");
    }
}
