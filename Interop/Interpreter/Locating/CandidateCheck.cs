using System.Runtime.InteropServices;
using System.Text;

namespace PyAsync.Interpreter.Locating;

/// <summary>Checks whether this process can load a Python, and records the reasons for each refusal.</summary>
internal sealed class CandidateCheck
{
    private readonly StringBuilder _tried = new();
    private bool _hasRemedy;

    /// <summary>True if an interpreter would start without the environment variables: checking others would give the same result.</summary>
    public bool IsEnvironmentAtFault { get; private set; }

    /// <param name="executable">The interpreter.</param>
    /// <param name="source">The setting or the place where it was found.</param>
    /// <param name="remedy">Replaces the general advice, a command that installs Python, if the file is no interpreter.</param>
    public PythonInstallation? FromExecutable(string executable, string source, string? remedy = null)
    {
        if (InterpreterProbe.Ask(executable, out string problem, out bool isEnvironmentAtFault) is not { } probe)
        {
            bool hasRemedy = isEnvironmentAtFault || DanglingLink.TargetOf(executable) is not null;
            _hasRemedy |= hasRemedy;
            IsEnvironmentAtFault |= isEnvironmentAtFault;
            return Refuse(source, executable, hasRemedy ? problem : problem.TrimEnd('.'), hasRemedy ? null : remedy);
        }

        string what = $"{executable} (Python {probe.Version})";
        if (Unusable(probe.Version, probe.IsFreeThreaded) is { } reason)
        {
            return Refuse(source, what, reason);
        }

        if (probe.Implementation != "cpython")
        {
            return Refuse(source, what, $"is {probe.Implementation}; only CPython has the C API that PyAsync needs");
        }

        if (!MatchesProcess(probe))
        {
            return Refuse(source, what, $"is built for {probe.Platform} ({probe.Bits} bit), but this process runs as {RuntimeInformation.ProcessArchitecture}");
        }

        string[] libraries = [.. probe.LibraryCandidates().Distinct()];
        if (libraries.FirstOrDefault(DanglingLink.IsFile) is { } library)
        {
            return new PythonInstallation(library, probe.Executable.Length > 0 ? probe.Executable : executable, probe.Version, source);
        }

        string links = string.Concat(libraries.Where(File.Exists).Select(static link => $"; {link} is a link to {DanglingLink.TargetOf(link)}, which does not exist"));
        return Refuse(source, what, $"has no shared library (looked for {string.Join(", ", libraries)}{links})", InstallHint.ForLibrary(probe.Version, executable));
    }

    public PythonInstallation? FromLibrary(string library, string source)
    {
        if (DanglingLink.TargetOf(library) is { } target)
        {
            return Refuse(source, library, $"is a link to {target}, which does not exist");
        }

        if ((VersionInName(library) ?? VersionInName(DanglingLink.Follow(library))) is not { } version)
        {
            return Refuse(source, library, "its name has no version, such as libpython3.11.so.1.0");
        }

        string name = Path.GetFileName(library);
        bool isFreeThreaded = name.Contains($"3.{version.Minor}t", StringComparison.Ordinal) || name.Contains($"3{version.Minor}t.", StringComparison.Ordinal);
        if (Unusable(version, isFreeThreaded) is { } reason)
        {
            return Refuse(source, library, reason);
        }

        if (StartFailure.WrongHome(Environment.GetEnvironmentVariable("PYTHONHOME"), version) is { } home)
        {
            return Refuse(source, library, "does not start", home.TrimEnd('.'));
        }

        return LibraryOwner.Find(library, version, out string program) is { } owner
            ? new PythonInstallation(library, owner.Executable, owner.Version, source)
            : new PythonInstallation(library, null, version, source) { ProgramName = program };
    }

    /// <returns>Null, for the caller to return.</returns>
    /// <param name="source">The setting or the place where it was found.</param>
    /// <param name="what">The Python.</param>
    /// <param name="why">The reason, without a full stop.</param>
    /// <param name="remedy">A sentence, without a full stop, that replaces the general advice.</param>
    public PythonInstallation? Refuse(string source, string what, string why, string? remedy = null)
    {
        _hasRemedy |= remedy is not null;
        _tried.Append("\n  - ").Append(source).Append(": ").Append(what).Append(' ').Append(why);
        if (remedy is not null)
        {
            _tried.Append(". ").Append(remedy);
        }

        return null;
    }

    public PythonNotFoundException NotFound()
    {
        string tried = _tried.Length > 0
            ? _tried.ToString()
            : "\n  - no .venv beside the application, no python3 on PATH, no libpython in the usual folders";
        string install = _hasRemedy ? "" : $"\nTo install one: {InstallHint.ForPython()}";
        return new PythonNotFoundException(
            $"No usable CPython ({SupportedPythons.Oldest} or newer, with its shared library) was found. Tried:{tried}{install}\n"
            + $"To name one: the option PyAsync:Python, or the environment variable {PythonLocator.EnvironmentVariable}; a path to an interpreter, a virtual environment or a libpython.");
    }

    private static string? Unusable(Version version, bool isFreeThreaded) =>
        version < SupportedPythons.Oldest ? $"is too old: {SupportedPythons.Oldest} or newer is needed"
        : isFreeThreaded ? "is a free-threaded build, whose objects have another layout; use the ordinary build"
        : null;

    /// <summary>Gets 3.11 from libpython3.11.so.1.0, libpython3.13t.dylib or python311.dll.</summary>
    private static Version? VersionInName(string path)
    {
        string name = Path.GetFileName(path);
        int start = name.IndexOf("python3", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return null;
        }

        string digits = string.Concat(name[(start + 7)..].TrimStart('.').TakeWhile(char.IsAsciiDigit));
        return int.TryParse(digits, out int minor) ? new Version(3, minor) : null;
    }

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
}
