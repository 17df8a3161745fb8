namespace PyAsync.Interpreter.Locating;

/// <summary>Gives the command that installs a missing component, on this system and for one Python.</summary>
internal static class InstallHint
{
    private static readonly Lazy<string> s_family = new(Family);
    private static readonly string[] s_libraryFolders = ["lib", "lib64"];

    /// <summary>Gets the system's family, such as "debian"; empty if it is not known.</summary>
    private static string System => s_family.Value;

    /// <summary>Gets a command, or a sentence if no command is known.</summary>
    public static string ForPython() => System switch
    {
        "debian" => "apt-get install python3 libpython3-dev",
        "fedora" => "dnf install python3 python3-libs",
        "alpine" => "apk add python3",
        "arch" => "pacman -S python",
        "suse" => "zypper install python3",
        "macos" => "brew install python",
        "windows" => "winget install Python.Python.3.13",
        _ => $"install Python {SupportedPythons.Oldest} or newer together with its shared library",
    };

    /// <summary>Gets a sentence: how to install the shared library of an interpreter.</summary>
    public static string ForLibrary(Version version, string executable)
    {
        string dotted = $"{version.Major}.{version.Minor}";
        return Pyenv(executable) ? $"Install it: PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force {version}"
            : !IsOfSystem(executable) ? "Install it: build this Python with ./configure --enable-shared; or name another Python"
            : System switch
            {
                "debian" => $"Install it: apt-get install libpython{dotted}",
                "fedora" => $"Install it: dnf install {(executable.EndsWith(dotted, StringComparison.Ordinal) ? $"python{dotted}" : "python3")}-libs",
                "suse" => $"Install it: zypper install libpython{dotted.Replace('.', '_')}-1_0",
                _ => $"Install it: {ForPython()}",
            };
    }

    /// <summary>Gets a sentence: how to restore the standard library of a Python.</summary>
    public static string ForStandardLibrary(Version version, string executable)
    {
        string dotted = $"{version.Major}.{version.Minor}";
        return Pyenv(executable) ? $"Reinstall it: pyenv install --force {version}"
            : IsOfSystem(executable) && System == "debian" ? $"Reinstall it: apt-get install --reinstall libpython{dotted}-minimal libpython{dotted}-stdlib"
            : "Reinstall this Python";
    }

    /// <summary>Gets the command that installs a package; for a Python that its system manages, several commands.</summary>
    /// <param name="package">A Python package.</param>
    /// <param name="executable">The interpreter that lacks it; null if none is known.</param>
    public static string ForPackage(string package, string? executable)
    {
        string python = executable is null ? "python3" : Quoted(executable);
        if (executable is null || !IsManagedBySystem(executable))
        {
            return $"{python} -m pip install {package}";
        }

        string inEnvironment = $"in a virtual environment: {python} -m venv .venv && .venv/bin/python -m pip install {package}";
        return System == "debian" ? $"apt-get install python3-{package.Replace('_', '-')}. Or {inEnvironment}" : inEnvironment;
    }

    /// <summary>True if pip refuses to install into that Python, as it does on Debian (PEP 668).</summary>
    private static bool IsManagedBySystem(string executable)
    {
        if (Path.GetDirectoryName(Path.GetDirectoryName(executable)) is not { } prefix || VirtualEnvironment.Is(prefix))
        {
            return false;
        }

        return s_libraryFolders.Select(folder => Path.Combine(prefix, folder)).Where(Directory.Exists)
            .SelectMany(static lib => Directory.EnumerateDirectories(lib, "python3*"))
            .Any(static library => File.Exists(Path.Combine(library, "EXTERNALLY-MANAGED")));
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;

    private static bool Pyenv(string executable) => executable.Contains("pyenv", StringComparison.Ordinal);

    private static bool IsOfSystem(string path) =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        || path.StartsWith("/usr/bin/", StringComparison.Ordinal) || path.StartsWith("/bin/", StringComparison.Ordinal) || path.StartsWith("/usr/lib", StringComparison.Ordinal);

    private static string Family()
    {
        if (OperatingSystem.IsWindows())
        {
            return "windows";
        }

        if (OperatingSystem.IsMacOS())
        {
            return "macos";
        }

        const string osRelease = "/etc/os-release";
        string text = File.Exists(osRelease) ? File.ReadAllText(osRelease) : "";
        string[] families = ["debian", "fedora", "alpine", "arch", "suse"];
        return families.FirstOrDefault(family => text.Contains(family, StringComparison.OrdinalIgnoreCase)) ?? "";
    }
}
