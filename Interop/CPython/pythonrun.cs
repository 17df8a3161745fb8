using System.Runtime.InteropServices;

namespace PyAsync.Interop;

// pythonrun.h
internal static unsafe partial class CPython
{
    /// <summary>The start symbol of a module's source text (<c>Py_file_input</c>).</summary>
    internal const int Py_file_input = 257;

    [LibraryImport(Library)]
    internal static partial NewReference Py_CompileString(byte* source, byte* fileName, int start);
}
