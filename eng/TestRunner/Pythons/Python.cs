namespace PyAsync.TestRunner.Pythons;

/// <summary>A CPython that tests run on.</summary>
/// <param name="Executable">The full path of the interpreter.</param>
/// <param name="Version">The version with its patch release.</param>
/// <param name="Loops">The event loops that are installed there.</param>
/// <param name="IsDebugBuild">True if CPython was configured with <c>--with-pydebug</c>.</param>
internal sealed record Python(string Executable, Version Version, IReadOnlyList<EventLoop> Loops, bool IsDebugBuild)
{
    /// <summary>Gets the prefix of a command that runs on this Python's system; empty for a Python of this machine, see <see cref="PythonRoot"/>.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Gets the roles of this Python among those that were found.</summary>
    public PythonRoles Roles { get; init; }

    /// <summary>Gets the name in the report: <c>3.11.2</c>, <c>3.13.5d</c> for a debug build.</summary>
    public string Name => IsDebugBuild ? $"{Version}d" : Version.ToString();

    /// <summary>Gets the variables that make a test program use this Python.</summary>
    public IEnumerable<(string Name, string Value)> Environment => [("PYASYNC_PYTHON", Executable)];

    /// <summary>Gets the minor version, such as 3.11.</summary>
    public Version Minor => new(Version.Major, Version.Minor);

    /// <summary>Gets the advice for a Python without uvloop.</summary>
    public string InstallUvloop => Prefix.Count > 0 ? "Debian builds it for its default Python only."
        : Executable.StartsWith("/usr/bin/", StringComparison.Ordinal) && File.Exists("/etc/debian_version") ? "Type: apt-get install python3-uvloop"
        : $"Type: {Executable} -m pip install uvloop";

    /// <summary>Returns true for <c>3.13</c>, <c>3.13.0</c>, <c>3.13d</c> or the path of the interpreter.</summary>
    public bool IsCalled(string name) => name == Executable || name == Name || name == (IsDebugBuild ? $"{Minor}d" : Minor.ToString());
}
