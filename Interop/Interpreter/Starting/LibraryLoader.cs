using System.Runtime.InteropServices;

namespace PyAsync.Interpreter.Starting;

/// <summary>Loads libpython so that Python's own extension modules find its symbols.</summary>
internal static partial class LibraryLoader
{
    private const int RTLD_NOW = 2;
    private const int RTLD_GLOBAL_Linux = 0x100;
    private const int RTLD_GLOBAL_macOS = 0x8;

    /// <exception cref="PythonNotFoundException">The loader refused the file; its message is included.</exception>
    public static nint Load(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return NativeLibrary.Load(path);
        }

        // Extension modules are often not linked against libpython and look its symbols up globally; NativeLibrary
        // loads with local symbols, after which even "import asyncio" fails on such builds.
        int flags = RTLD_NOW | (OperatingSystem.IsMacOS() ? RTLD_GLOBAL_macOS : RTLD_GLOBAL_Linux);
        nint handle = dlopen(path, flags);
        if (handle == 0)
        {
            string reason = Marshal.PtrToStringUTF8(dlerror()) ?? "no reason given";
            throw new PythonNotFoundException(
                $"The Python library {path} cannot be loaded: {reason}. A library for another architecture is refused like this; {InstallHint.ForPython()} installs the right one.");
        }

        return handle;
    }

    /// <summary>Gets the handle of the program itself if it is, or has loaded, a Python: inside <c>python3</c>, or beside another bridge.</summary>
    public static bool TryFindInProcess(out nint handle)
    {
        handle = NativeLibrary.GetMainProgramHandle();
        return NativeLibrary.TryGetExport(handle, "Py_IsInitialized", out _);
    }

    // "libc" resolves to the C library on every Unix; since glibc 2.34, and on macOS and musl, it contains dlopen.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint dlopen(string path, int flags);

    [LibraryImport("libc")]
    private static partial nint dlerror();
}
