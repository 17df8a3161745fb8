namespace PyAsync.Interop;

/// <summary>The one command that installs what is missing, on the system at hand.</summary>
internal static class InstallHint
{
    private static readonly Lazy<string> s_family = new(Family);

    public static string ForPython() => s_family.Value switch
    {
        "debian" => "apt-get install python3 libpython3-dev",
        "fedora" => "dnf install python3 python3-libs",
        "alpine" => "apk add python3",
        "arch" => "pacman -S python",
        "suse" => "zypper install python3",
        "macos" => "brew install python",
        "windows" => "winget install Python.Python.3.13",
        _ => "install Python 3.10 or newer together with its shared library",
    };

    public static string ForLibrary(Version version, string executable)
    {
        string dotted = $"{version.Major}.{version.Minor}";
        if (executable.Contains("pyenv", StringComparison.Ordinal))
        {
            return $"Install it: PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force {version}";
        }

        return s_family.Value == "debian"
            ? $"Install it: apt-get install libpython{dotted}"
            : $"Install it: {ForPython()}";
    }

    /// <param name="package">A Python package.</param>
    /// <param name="executable">The interpreter that misses it; null if none is known.</param>
    public static string ForPackage(string package, string? executable)
    {
        bool systemPython = executable is null || executable.StartsWith("/usr/bin/", StringComparison.Ordinal);
        return s_family.Value == "debian" && systemPython
            ? $"apt-get install python3-{package}"
            : $"{executable ?? "python3"} -m pip install {package}";
    }

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
