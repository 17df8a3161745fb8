using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>The .NET side of a Python task or future that .NET awaits. Every member is called on the loop's thread, with the GIL held.</summary>
internal interface IAwaiter
{
    /// <summary>Gets the Python task or future in flight; NULL before the start and after the end.</summary>
    BorrowedReference Awaited { get; }

    /// <summary>Gets the caller's token.</summary>
    CancellationToken Token { get; }

    /// <summary>True if a token of the caller decides when the await is cancelled.</summary>
    bool HasToken { get; }

    /// <summary>Called when the task or future is done.</summary>
    void OnDone(BorrowedReference awaited);

    /// <summary>Called when the task or future will never be done: the loop has closed, or its runtime stopped waiting.</summary>
    void Abandon(Exception reason);
}
