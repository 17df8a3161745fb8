using System.Runtime.InteropServices;

namespace PyAsync.Interpreter.Starting;

/// <summary>
/// The complete disposition of a signal. Python can restore only its own handlers; .NET's has to be restored unchanged, because .NET assumes that its
/// handler is still installed.
/// </summary>
internal sealed unsafe partial class SignalDisposition
{
    /// <summary>Interrupt: the same number everywhere.</summary>
    public const int SIGINT = 2;

    // struct sigaction is 152 bytes on 64-bit Linux and less on macOS; it begins with the handler.
    private const int Size = 512;

    private readonly int _signal;
    private readonly byte[] _action = new byte[Size];

    private SignalDisposition(int signal) => _signal = signal;

    /// <summary>Gets the handler's address, or the default (0) or to ignore (1).</summary>
    public nint Handler => MemoryMarshal.Read<nint>(_action);

    public bool IsDefaultOrIgnored => Handler is 0 or 1;

    /// <summary>True if the process has the default instead of this disposition.</summary>
    public bool IsReplacedByDefault => Handler != 0 && Save(_signal) is { Handler: 0 };

    /// <summary>Saves the disposition; null on Windows, which has none.</summary>
    public static SignalDisposition? Save(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var saved = new SignalDisposition(signal);
        fixed (byte* action = saved._action)
        {
            return sigaction(signal, null, action) == 0 ? saved : null;
        }
    }

    /// <summary>Restores the disposition and sends the signal again. Called when the wrong handler got a signal.</summary>
    public void RestoreAndSend()
    {
        Restore();
        _ = kill(Environment.ProcessId, _signal);
    }

    public void Restore()
    {
        fixed (byte* action = _action)
        {
            _ = sigaction(_signal, action, null);
        }
    }

    /// <summary>Restores the disposition for one signal: then the system restores the default.</summary>
    public void RestoreOnce()
    {
        // sa_flags: behind the handler and the mask, which has 128 bytes on Linux and 4 on macOS.
        (int offset, int resetHandler) = OperatingSystem.IsMacOS() ? (12, 4) : (136, unchecked((int)0x80000000));
        Span<byte> flags = _action.AsSpan(offset, sizeof(int));
        int before = MemoryMarshal.Read<int>(flags);
        MemoryMarshal.Write(flags, before | resetHandler);
        Restore();
        MemoryMarshal.Write(flags, before);
    }

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, byte* action, byte* before);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
