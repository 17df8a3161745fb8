namespace PyAsync;

/// <summary>The thread that the process began with: the one that Python delivers signals to.</summary>
internal static class MainThread
{
    // .NET numbers its threads in the order in which it meets them, and it meets the process's first thread first.
    private const int ManagedId = 1;

    public static bool IsCurrent => Environment.CurrentManagedThreadId == ManagedId;
}
