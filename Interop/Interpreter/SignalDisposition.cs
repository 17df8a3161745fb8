using System.Runtime.InteropServices;

namespace PyAsync.Interop;

/// <summary>
/// What the process does on a signal, kept as a whole. Python can put back only handlers of its own; .NET's has to be put back as it was, or
/// .NET would go on believing that it is there.
/// </summary>
internal sealed unsafe partial class SignalDisposition
{
    /// <summary>Interrupt: the same number everywhere.</summary>
    public const int SIGINT = 2;

    // struct sigaction is 152 bytes on 64-bit Linux and less on macOS; it begins with the handler, and nothing else in it is looked at.
    private const int Size = 512;

    private readonly int _signal;
    private readonly byte[] _action = new byte[Size];

    private SignalDisposition(int signal) => _signal = signal;

    /// <summary>The handler's address, or the default (0) or to ignore (1).</summary>
    public nint Handler => MemoryMarshal.Read<nint>(_action);

    public bool IsDefaultOrIgnored => Handler is 0 or 1;

    /// <summary>Null on Windows, which has no such thing.</summary>
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

    /// <summary>For a signal that has come to the wrong one: restores, and sends it again.</summary>
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

    [LibraryImport("libc")]
    private static partial int sigaction(int signal, byte* action, byte* before);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
