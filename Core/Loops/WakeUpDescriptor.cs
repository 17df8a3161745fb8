using System.Runtime.InteropServices;

namespace PyAsync.Loops;

/// <summary>A file descriptor that any thread can make readable, without the GIL, to wake an event loop. An eventfd on Linux, a pipe on other Unix systems.</summary>
/// <remarks>A SafeHandle, so that a thread which signals while another one closes never writes to a reused descriptor number.</remarks>
internal sealed unsafe partial class WakeUpDescriptor : SafeHandle
{
    private const int EFD_NONBLOCK = 0x800;
    private const int EFD_CLOEXEC = 0x80000;
    private const int F_SETFD = 2;
    private const int F_SETFL = 4;
    private const int FD_CLOEXEC = 1;
    private const int O_NONBLOCK_BSD = 0x4;

    private readonly int _writeEnd;

    private WakeUpDescriptor(int readEnd, int writeEnd)
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
        _writeEnd = writeEnd;
        SetHandle(readEnd);
    }

    public override bool IsInvalid => handle < 0;

    /// <summary>Gets the descriptor that the loop watches.</summary>
    public int Descriptor => (int)handle;

    /// <summary>Creates a descriptor; null on a system where event loops cannot watch one (Windows).</summary>
    public static WakeUpDescriptor? TryCreate()
    {
        if (OperatingSystem.IsLinux())
        {
            int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
            return descriptor < 0 ? throw Failure("eventfd") : new WakeUpDescriptor(descriptor, descriptor);
        }

        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        int* ends = stackalloc int[2];
        if (pipe(ends) < 0)
        {
            throw Failure("pipe");
        }

        for (int i = 0; i < 2; i++)
        {
            _ = fcntl(ends[i], F_SETFD, FD_CLOEXEC);
            _ = fcntl(ends[i], F_SETFL, O_NONBLOCK_BSD);
        }

        return new WakeUpDescriptor(ends[0], ends[1]);
    }

    /// <summary>Makes the descriptor readable. Does nothing once it is closed.</summary>
    public void Signal()
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            ulong one = 1;

            // A full counter or pipe is readable already, so a failed write can be ignored.
            _ = write(_writeEnd, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop closed in the meantime: the code that closed it settles the queued items.
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Makes the descriptor unreadable again, on the loop's thread.</summary>
    public void Clear()
    {
        const int Size = 64;
        byte* sink = stackalloc byte[Size];
        while (read(Descriptor, sink, Size) == Size)
        {
            // A pipe may hold more wake-ups than one read takes; an eventfd is empty after the first.
        }
    }

    protected override bool ReleaseHandle()
    {
        int readEnd = (int)handle;
        return close(readEnd) == 0 && (_writeEnd == readEnd || close(_writeEnd) == 0);
    }

    private static InvalidOperationException Failure(string call) =>
        new($"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}. Has the process reached its limit of open files (ulimit -n)?");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe(int* ends);

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, void* data, nint size);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, void* data, nint size);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
