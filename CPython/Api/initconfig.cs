using System.Runtime.InteropServices;

namespace PyAsync.Api;

// initconfig.h
internal static unsafe partial class CPython
{
    /// <summary>The outcome of a step of the start: <c>PyStatus</c>, which C passes by value.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly struct PyStatus
    {
        public readonly int Type;
        public readonly byte* Function;
        public readonly byte* Message;
        public readonly int ExitCode;

        public bool IsOk => Type == 0;
    }

    [LibraryImport(Library)]
    internal static partial void PyPreConfig_InitPythonConfig(byte* config);

    [LibraryImport(Library)]
    internal static partial PyStatus Py_PreInitialize(byte* config);

    [LibraryImport(Library)]
    internal static partial void PyConfig_InitPythonConfig(byte* config);

    [LibraryImport(Library)]
    internal static partial void PyConfig_InitIsolatedConfig(byte* config);

    [LibraryImport(Library)]
    internal static partial PyStatus PyConfig_SetBytesArgv(byte* config, nint count, byte** arguments);

    [LibraryImport(Library)]
    internal static partial PyStatus PyConfig_SetArgv(byte* config, nint count, char** arguments);

    [LibraryImport(Library)]
    internal static partial void PyConfig_Clear(byte* config);

    [LibraryImport(Library)]
    internal static partial PyStatus Py_InitializeFromConfig(byte* config);
}
