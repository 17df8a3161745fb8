using System.Runtime.InteropServices;

namespace PyAsync.Api;

// pythonrun.h
internal static unsafe partial class CPython
{
    /// <summary>The start symbol of a module's source text (<c>Py_file_input</c>).</summary>
    internal const int Py_file_input = 257;

    [LibraryImport(Library)]
    internal static partial NewReference Py_CompileString(byte* source, byte* fileName, int start);
}
