namespace PyAsync.Lifetime;

/// <summary>Identifies the thread that the process began with, on which Python handles signals.</summary>
internal static class MainThread
{
    // .NET numbers its threads in the order in which it first sees them, and it sees the process's first thread first.
    private const int ManagedId = 1;

    public static bool IsCurrent => Environment.CurrentManagedThreadId == ManagedId;
}
