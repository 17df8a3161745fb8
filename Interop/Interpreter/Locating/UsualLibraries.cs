using System.Runtime.InteropServices;

namespace PyAsync.Interpreter.Locating;

/// <summary>Lists the usual paths of Python's shared library, for a machine without an interpreter on PATH.</summary>
internal static class UsualLibraries
{
    /// <summary>Gets the paths, the newest version first, existing or not.</summary>
    public static IEnumerable<string> All(Func<string, string?> environment)
    {
        string? multiarch = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x86_64-linux-gnu",
            Architecture.Arm64 => "aarch64-linux-gnu",
            _ => null,
        };
        foreach (int minor in SupportedPythons.Minors.Reverse())
        {
            if (OperatingSystem.IsWindows())
            {
                yield return Path.Combine(environment("LOCALAPPDATA") ?? "", "Programs", "Python", $"Python3{minor}", $"python3{minor}.dll");
                yield return Path.Combine(environment("ProgramFiles") ?? "", $"Python3{minor}", $"python3{minor}.dll");
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
}
