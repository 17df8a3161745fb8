using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace PyAsync.Interpreter.Starting;

/// <summary>
/// Passes environment variables that .NET code has set to the C library, from which Python reads them. On Unix .NET keeps a copy of the environment and
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> changes the copy only; on Windows the C library has the copy.
/// </summary>
internal static unsafe partial class ProcessEnvironment
{
    /// <summary>
    /// Applies the changes that .NET code has made since the process started. Called once, before Python starts: <c>setenv</c> is not safe while
    /// another thread reads the environment.
    /// </summary>
    public static void CopyToC()
    {
        if (OperatingSystem.IsWindows())
        {
            CopyToWindowsC();
            return;
        }

        Dictionary<string, string> initial = ReadInitialBlock();
        IDictionary current = Environment.GetEnvironmentVariables();
        foreach (DictionaryEntry entry in current)
        {
            // A value that .NET has not changed is left alone: native code may have changed C's.
            (string name, string value) = ((string)entry.Key, (string?)entry.Value ?? "");
            if (value != Get(name) && value != initial.GetValueOrDefault(name))
            {
                _ = setenv(name, value, 1);
            }
        }

        foreach ((string name, string value) in initial)
        {
            if (!current.Contains(name) && Get(name) == value)
            {
                _ = unsetenv(name);
            }
        }
    }

    /// <summary>Gets C's value; null if there is none.</summary>
    private static string? Get(string name) => Marshal.PtrToStringUTF8(getenv(name));

    /// <summary>Gets the variables that the process started with. Empty if the system does not provide them: then no variable is removed.</summary>
    private static Dictionary<string, string> ReadInitialBlock()
    {
        const string block = "/proc/self/environ";
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!OperatingSystem.IsLinux() || !File.Exists(block))
        {
            return variables;
        }

        foreach (string entry in Encoding.UTF8.GetString(File.ReadAllBytes(block)).Split('\0'))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                variables.TryAdd(entry[..equals], entry[(equals + 1)..]);
            }
        }

        return variables;
    }

    private static void CopyToWindowsC()
    {
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            (string name, string value) = ((string)entry.Key, (string?)entry.Value ?? "");
            if (name[0] != '=' && value != Marshal.PtrToStringUni(_wgetenv(name)))
            {
                _ = _wputenv_s(name, value);
            }
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint getenv(string name);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);

    [LibraryImport("ucrtbase", StringMarshalling = StringMarshalling.Utf16)]
    private static partial nint _wgetenv(string name);

    [LibraryImport("ucrtbase", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int _wputenv_s(string name, string value);
}
