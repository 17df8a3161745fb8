using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>The memory of a <c>pyasync.Coroutine</c>. Only the thread that holds the GIL touches it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CoroutineLayout
{
    /// <summary>There is no one to tell any more, or never was.</summary>
    public const int NoId = -1;

    public CPython.PyObjectHead Head;

    /// <summary>The coroutine that does the work; NULL while none is behind the proxy.</summary>
    public OwnedReference Coroutine;

    /// <summary>What the coroutine yielded before a task drove it, or returned: the first thing that the task gets.</summary>
    public OwnedReference First;

    /// <summary>The exception that the coroutine ended with before a task drove it.</summary>
    public OwnedReference Error;

    /// <summary>An exception that came for the coroutine while <see cref="First"/> had not been handed on.</summary>
    public OwnedReference Deferred;

    /// <summary>A <see cref="ManagedObject"/> around the <see cref="ICoroutineOwner"/>.</summary>
    public OwnedReference Owner;

    public int Id;

    /// <summary>Whether the coroutine has ended, with <see cref="First"/> or <see cref="Error"/> as the outcome.</summary>
    public byte HasEnded;
}
