using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Lifetime;

/// <summary>Records whether a runtime, or the process, is ending. From any thread.</summary>
internal sealed class RuntimePhase
{
    private int _ending;
    private volatile bool _processEnds;
    private volatile bool _isAbandoned;

    /// <summary>True once the runtime has begun to end: it refuses new work.</summary>
    public bool IsEnding => _ending != 0;

    /// <summary>True once the process ends, and the runtime with it.</summary>
    public bool ProcessEnds => _processEnds;

    /// <summary>True if the process ends because something blocks the loop's thread: the runtime does not end in order.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <returns>False if the runtime has begun to end before.</returns>
    public bool TryBeginEnd() => Interlocked.Exchange(ref _ending, 1) == 0;

    public void BeginProcessEnd() => _processEnds = true;

    public void Abandon() => _isAbandoned = true;

    /// <exception cref="ObjectDisposedException">The runtime is ending, or has ended.</exception>
    public void ThrowIfEnding()
    {
        // Not ObjectDisposedException.ThrowIf, which would look the type up at each call.
        if (_ending != 0)
        {
            ThrowEnding();
        }
    }

    [DoesNotReturn]
    private static void ThrowEnding() => throw new ObjectDisposedException(typeof(IRuntime).FullName);
}
