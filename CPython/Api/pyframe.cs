using System.Runtime.InteropServices;

namespace PyAsync.Api;

// pyframe.h
internal static unsafe partial class CPython
{
    /// <summary>Gets the generator, coroutine or async generator of a frame if it has not finished; NULL, without an error, for other frames.</summary>
    [LibraryImport(Library)]
    internal static partial NewReference PyFrame_GetGenerator(BorrowedReference frame);
}
