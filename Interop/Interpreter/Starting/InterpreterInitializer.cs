using System.Runtime.InteropServices;
using System.Text;

namespace PyAsync.Interpreter.Starting;

/// <summary>
/// Initialises CPython as the program <c>python3</c> does: environment variables, locale, UTF-8 mode, prefix, standard library and virtual
/// environment are those of the interpreter in the same environment.
/// </summary>
/// <remarks>Each step reports a status. The older functions (<c>Py_Initialize</c>) call <c>exit(1)</c> on a failure.</remarks>
internal static unsafe class InterpreterInitializer
{
    // PyConfig has 392 to 464 bytes from 3.11 to 3.15, PyPreConfig 40.
    private const int ConfigSize = 8192;
    private const int SignalHandlersIndex = 4;

    /// <summary>Initialises Python on the calling thread, which becomes Python's main thread and holds the GIL afterwards.</summary>
    /// <exception cref="PythonNotFoundException">CPython refused to start. It cannot be started again in this process.</exception>
    public static void Initialize(PythonInstallation installation)
    {
        ProcessEnvironment.CopyToC();

        // SAFETY: both buffers are zeroed and larger than the structs, which CPython fills in. PyConfig_Clear frees the memory that the config owns.
        byte* config = (byte*)NativeMemory.AllocZeroed(ConfigSize);
        try
        {
            CPython.PyPreConfig_InitPythonConfig(config);
            ThrowIfFailed(CPython.Py_PreInitialize(config), installation);
            NoSignalHandlers(config);
            try
            {
                if (installation.ProgramName is { } program)
                {
                    ThrowIfFailed(SetProgramName(config, program), installation);
                }

                ThrowIfFailed(CPython.Py_InitializeFromConfig(config), installation);
            }
            finally
            {
                CPython.PyConfig_Clear(config);
            }
        }
        finally
        {
            NativeMemory.Free(config);
        }
    }

    /// <summary>Initialises the config, and turns Python's signal handlers off: the runtime selects which side handles signals.</summary>
    private static void NoSignalHandlers(byte* config)
    {
        // The only field that is written by its position: the fifth integer. Its value in the two kinds of config identifies it.
        int* fields = (int*)config;
        CPython.PyConfig_InitIsolatedConfig(config);
        bool isIsolatedAsExpected = fields[1] == 1 && fields[2] == 0 && fields[SignalHandlersIndex] == 0;
        CPython.PyConfig_Clear(config);
        NativeMemory.Clear(config, ConfigSize);
        CPython.PyConfig_InitPythonConfig(config);
        if (!isIsolatedAsExpected || fields[1] != 0 || fields[2] != 1 || fields[SignalHandlersIndex] != 1)
        {
            throw new PythonNotFoundException(
                $"Python 3.{CPython.Minor} has another layout of PyConfig than the versions that this PyAsync supports. Use an older Python, or a newer PyAsync.");
        }

        fields[SignalHandlersIndex] = 0;
    }

    /// <summary>Passes the program name as <c>argv[0]</c>, from which Python derives its paths.</summary>
    private static CPython.PyStatus SetProgramName(byte* config, string program)
    {
        if (OperatingSystem.IsWindows())
        {
            fixed (char* name = program)
            {
                char* wide = name;
                return CPython.PyConfig_SetArgv(config, 1, &wide);
            }
        }

        // SAFETY: the text is pinned for the call, which copies it.
        fixed (byte* name = Encoding.UTF8.GetBytes(program + "\0"))
        {
            byte* bytes = name;
            return CPython.PyConfig_SetBytesArgv(config, 1, &bytes);
        }
    }

    private static void ThrowIfFailed(CPython.PyStatus status, PythonInstallation installation)
    {
        if (!status.IsOk)
        {
            string message = Marshal.PtrToStringUTF8((nint)status.Message) ?? $"exit code {status.ExitCode}";
            throw new PythonNotFoundException(StartFailure.Describe(installation, message, PendingError()));
        }
    }

    /// <summary>Gets the exception that stopped the start, if CPython has set one.</summary>
    private static string? PendingError()
    {
        if (CPython.PyThreadState_GetUnchecked() == 0)
        {
            return null;
        }

        using NewReference error = CPython.PyErr_GetRaisedException();
        if (error.IsNull)
        {
            return null;
        }

        // "LookupError('unknown encoding: x')". The interpreter's own objects, which other descriptions need, do not exist.
        using NewReference text = CPython.PyObject_Repr(error.Borrow());
        return text.IsNull ? null : PyText.ToString(text.Borrow());
    }
}
