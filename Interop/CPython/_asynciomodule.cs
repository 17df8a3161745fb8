namespace PyAsync.Interop;

// Modules/_asynciomodule.c
internal static unsafe partial class CPython
{
    /// <summary>A word of a <c>_RunningLoopHolder</c>: the loop is its first one, or its second behind the process's number, as CPython was built.</summary>
    /// <remarks>A private layout; whoever uses it checks the type, and compares first with what asyncio says.</remarks>
    internal static BorrowedReference RunningLoopHolder_Word(BorrowedReference holder, int index) =>
        // SAFETY: PyRunningLoopHolder is a head, perhaps a pid_t, the loop, in memory of whole 16 bytes; the caller holds the GIL.
        new(*((nint*)((PyObjectHead*)holder.Pointer + 1) + index));
}
