using System.Runtime.InteropServices;
using System.Text;

namespace PyAsync.Interop;

/// <summary>Initialises CPython so that prefix, standard library and virtual environment are those of the interpreter that was asked.</summary>
internal static unsafe class InterpreterInitializer
{
    /// <summary>On the thread that will be Python's main thread. It holds the GIL afterwards.</summary>
    public static void Initialize(PythonInstallation installation)
    {
        if (CPython.AddressOf("Py_SetProgramName") != 0)
        {
            if (installation.Executable is { } executable)
            {
                CPython.Py_SetProgramName(WideString(executable));
            }

            // 0: no signal handlers; who gets the signals is the runtime's choice.
            CPython.Py_InitializeEx(0);
        }
        else
        {
            InitializeFromConfig(installation.Executable);
        }
    }

    /// <summary>PEP 741, for versions that no longer have Py_SetProgramName.</summary>
    private static void InitializeFromConfig(string? executable)
    {
        nint config = CPython.PyInitConfig_Create();
        bool ok = Set("install_signal_handlers", 0)
            && Set("use_environment", 1)
            && Set("user_site_directory", 1)
            && (executable is null || CPython.PyInitConfig_SetStr(config, CPython.Utf8("program_name"), CPython.Utf8(executable)) == 0)
            && CPython.Py_InitializeFromInitConfig(config) == 0;
        if (!ok)
        {
            byte* message;
            string reason = CPython.PyInitConfig_GetError(config, &message) == 1
                ? Marshal.PtrToStringUTF8((nint)message)!
                : "no reason given";
            CPython.PyInitConfig_Free(config);
            throw new PythonNotFoundException($"Python did not initialise: {reason}");
        }

        CPython.PyInitConfig_Free(config);

        bool Set(string name, long value) => CPython.PyInitConfig_SetInt(config, CPython.Utf8(name), value) == 0;
    }

    /// <summary>A wchar_t string that CPython keeps: UTF-16 on Windows, UTF-32 elsewhere.</summary>
    private static void* WideString(string text)
    {
        byte[] bytes = (OperatingSystem.IsWindows() ? Encoding.Unicode : Encoding.UTF32).GetBytes(text + "\0");

        // SAFETY: never freed on purpose; CPython reads it whenever it derives its paths.
        byte* memory = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        return memory;
    }
}
