namespace PyAsync.Tool.Wheels;

/// <summary>The Pythons and platforms that a wheel supports (PEP 425): <c>cp311-abi3-linux_x86_64</c>, <c>py3-none-any</c>.</summary>
internal sealed record WheelTag(string Python, string Abi, string Platform)
{
    public bool IsPure => Platform == "any";

    /// <summary>Gets the tag of a compiled module: Python's stable ABI, from 3.11 on.</summary>
    public static WheelTag Native(string runtimeIdentifier) => new("cp311", "abi3", PlatformOf(runtimeIdentifier));

    /// <summary>Gets the tag of assemblies that an installed .NET runs: any platform, unless they were published for one.</summary>
    public static WheelTag Hosted(string? runtimeIdentifier) => new("py3", "none", runtimeIdentifier is null ? "any" : PlatformOf(runtimeIdentifier));

    public override string ToString() => $"{Python}-{Abi}-{Platform}";

    private static string PlatformOf(string runtimeIdentifier) => runtimeIdentifier switch
    {
        "linux-x64" or "linux-musl-x64" => "linux_x86_64",
        "linux-arm64" or "linux-musl-arm64" => "linux_aarch64",
        "linux-arm" or "linux-musl-arm" => "linux_armv7l",
        "osx-x64" => "macosx_12_0_x86_64", // The oldest version that .NET compiles for.
        "osx-arm64" => "macosx_12_0_arm64",
        "win-x64" => "win_amd64",
        "win-x86" => "win32",
        "win-arm64" => "win_arm64",
        _ => throw new ToolException($"Python has no name for the platform {runtimeIdentifier}. Portable ones are linux-x64, linux-arm64, linux-musl-x64, osx-arm64 and win-x64."),
    };
}
