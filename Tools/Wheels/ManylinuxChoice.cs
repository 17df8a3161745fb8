using System.Globalization;

namespace PyAsync.Tool.Wheels;

/// <summary>
/// The claim of a manylinux tag (PEP 600): the library runs on every Linux whose glibc is at least that old. It is always checked against the library's requirements.
/// </summary>
/// <param name="Promised">The claimed glibc version; null for the oldest that the library allows.</param>
internal sealed record ManylinuxChoice(Version? Promised)
{
    // The libraries of every such system. Others (libstdc++, libz, …) have separate versions, so a library that needs them cannot have the tag.
    private static readonly string[] s_everywhere =
        ["libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libresolv.so.2", "libutil.so.1", "libgcc_s.so.1"];

    private static readonly Version s_oldest = new(2, 17);

    /// <param name="text"><c>auto</c>, or a glibc version such as <c>2.28</c> or <c>2_28</c>.</param>
    /// <exception cref="ToolException">The text is neither.</exception>
    public static ManylinuxChoice Parse(string text) =>
        text == "auto" ? new(Promised: null)
        : System.Version.TryParse(text.Replace('_', '.'), out Version? version) && version.Major == 2 ? new(version)
        : throw new ToolException($"--manylinux {text} is not a glibc version: write 2.28, or auto for the oldest that the library runs with.");

    /// <summary>Gets the tag with the checked platform.</summary>
    /// <exception cref="ToolException">The library needs a newer glibc, or a library that manylinux does not include.</exception>
    public WheelTag Check(WheelTag tag, string runtimeIdentifier, ElfFile library)
    {
        if (!runtimeIdentifier.StartsWith("linux-", StringComparison.Ordinal) || runtimeIdentifier.Contains("musl", StringComparison.Ordinal))
        {
            throw new ToolException($"--manylinux is for Linux with glibc, not for {runtimeIdentifier}.");
        }

        string[] strange = [.. library.Needed.Where(name => !s_everywhere.Contains(name) && !name.StartsWith("ld-linux", StringComparison.Ordinal))];
        if (strange.Length > 0)
        {
            throw new ToolException($"The library needs {string.Join(" and ", strange)}, which manylinux does not include. Build the wheel without --manylinux.");
        }

        (Version floor, string symbol) = Floor(library);
        if (Promised is not null && Promised < floor)
        {
            throw new ToolException(
                $"The library does not run with glibc {Promised}: it uses {symbol}. Use --manylinux {floor}, or build on a system with glibc {Promised}, because a library is linked to the glibc that it is built with.");
        }

        Version version = Promised ?? floor;
        return tag with { Platform = string.Create(CultureInfo.InvariantCulture, $"manylinux_{version.Major}_{version.Minor}_{tag.Platform["linux_".Length..]}") };
    }

    /// <summary>Finds the newest glibc version that a symbol requires.</summary>
    private static (Version Floor, string Symbol) Floor(ElfFile library)
    {
        (Version Floor, string Symbol) floor = (s_oldest, "");
        foreach ((string name, string symbol) in library.Versions)
        {
            if (symbol.StartsWith("GLIBC_", StringComparison.Ordinal) && System.Version.TryParse(symbol["GLIBC_".Length..], out Version? version) && version > floor.Floor)
            {
                floor = (new Version(version.Major, version.Minor), $"{symbol} of {name}");
            }
        }

        return floor;
    }
}
