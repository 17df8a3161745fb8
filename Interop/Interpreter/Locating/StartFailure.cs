using System.Collections;
using System.Text.RegularExpressions;

namespace PyAsync.Interpreter.Locating;

/// <summary>Composes the message for a Python that was found but does not start: the cause and the remedy.</summary>
internal static partial class StartFailure
{
    /// <param name="installation">The Python.</param>
    /// <param name="status">CPython's own message.</param>
    /// <param name="error">The Python exception that caused it, if there is one.</param>
    public static string Describe(PythonInstallation installation, string status, string? error)
    {
        string cause = error is null || status.Contains(error, StringComparison.Ordinal) ? status : $"{status} ({error})";
        return $"{Name(installation)} did not start: {cause.TrimEnd('.')}. {Remedy(installation, cause)}";
    }

    /// <summary>Gets the reason why a Python does not start with the given <c>PYTHONHOME</c>; null if that is right or not set.</summary>
    public static string? WrongHome(string? home, Version version)
    {
        if (string.IsNullOrEmpty(home))
        {
            return null;
        }

        // prefix, or prefix:exec_prefix
        string prefix = OperatingSystem.IsWindows() ? home : home.Split(Path.PathSeparator)[0];
        string problem = !Directory.Exists(prefix) ? $"The folder {prefix} does not exist"
            : !HasStandardLibrary(prefix, version) ? $"{prefix} has no {RelativeStandardLibrary(version)}, so that it is not the home of a Python {version.Major}.{version.Minor}"
            : "";
        return problem.Length == 0
            ? null
            : $"The environment variable PYTHONHOME is '{home}'. {problem}. Unset PYTHONHOME, or set PyAsync:Python or {PythonLocator.EnvironmentVariable} to the Python that it belongs to.";
    }

    public static string Name(PythonInstallation installation) =>
        $"Python {installation.Version} ({installation.Executable ?? installation.LibraryPath})";

    /// <summary>Gets the remedy for an environment variable that keeps Python from starting; null if the message names none.</summary>
    /// <param name="message">CPython's message.</param>
    /// <param name="version">The version of the Python.</param>
    public static string? RemedyFor(string message, Version version)
    {
        if (WrongHome(Environment.GetEnvironmentVariable("PYTHONHOME"), version) is { } home)
        {
            return home;
        }

        string? variable = VariableName().Matches(message).Select(static match => match.Value).FirstOrDefault(IsSet);
        if (variable is null && message.Contains("LookupError", StringComparison.Ordinal) && IsSet("PYTHONIOENCODING"))
        {
            variable = "PYTHONIOENCODING";
        }

        return variable is null
            ? null
            : $"Correct or unset the environment variable {variable}, which is '{Environment.GetEnvironmentVariable(variable)}'.";

        static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is not null;
    }

    /// <summary>Gets a sentence: the environment variables that affect a start.</summary>
    public static string Variables()
    {
        IEnumerable<string> names = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(static entry => (string)entry.Key)
            .Where(static name => name.StartsWith("PYTHON", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        string list = string.Join(", ", names);
        return list.Length == 0 ? "" : $" These environment variables act on its start: {list}.";
    }

    /// <summary>True if the standard library is below the prefix.</summary>
    public static bool HasStandardLibrary(string prefix, Version version) =>
        File.Exists(Path.Combine(prefix, RelativeStandardLibrary(version), "os.py"))
        || File.Exists(Path.Combine(prefix, "lib64", $"python{version.Major}.{version.Minor}", "os.py"))
        || File.Exists(Path.Combine(prefix, "lib", $"python{version.Major}{version.Minor}.zip"));

    private static string Remedy(PythonInstallation installation, string message) =>
        RemedyFor(message, installation.Version)
        ?? MissingLibrary(installation)
        ?? $"Run '{installation.Executable ?? "python3"} -c pass' in the same environment: it shows whether this Python starts alone.{Variables()}";

    private static string? MissingLibrary(PythonInstallation installation)
    {
        string? prefix = Prefix(installation);
        return prefix is null || HasStandardLibrary(prefix, installation.Version)
            ? null
            : $"Its standard library is missing: {Path.Combine(prefix, RelativeStandardLibrary(installation.Version))} does not exist. {InstallHint.ForStandardLibrary(installation.Version, installation.Executable ?? installation.LibraryPath)}.";
    }

    /// <summary>Gets the folder with bin and lib. For a virtual environment it is the one in its pyvenv.cfg.</summary>
    private static string? Prefix(PythonInstallation installation)
    {
        string? folder = Path.GetDirectoryName(installation.ProgramName);
        string? prefix = OperatingSystem.IsWindows() ? folder : Path.GetDirectoryName(folder);
        if (prefix is null || VirtualEnvironment.HomeOf(prefix) is not { } home)
        {
            return prefix;
        }

        return OperatingSystem.IsWindows() ? home : Path.GetDirectoryName(home);
    }

    private static string RelativeStandardLibrary(Version version) =>
        OperatingSystem.IsWindows() ? "Lib" : Path.Combine("lib", $"python{version.Major}.{version.Minor}");

    [GeneratedRegex("\\bPYTHON[A-Z0-9_]+")]
    private static partial Regex VariableName();
}
