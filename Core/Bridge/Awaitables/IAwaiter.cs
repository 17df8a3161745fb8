using PyAsync.Interop;

namespace PyAsync;

/// <summary>The .NET side of something of Python's that is being awaited. Every member on the loop's thread, unless it says otherwise.</summary>
internal interface IAwaiter
{
    /// <summary>The loop and the context that it runs in.</summary>
    EventLoopContext Context { get; }

    /// <summary>The Python task or future under way; NULL before the start and after the end.</summary>
    BorrowedReference Awaited { get; }

    /// <summary>Whether a token of the caller's decides when it is cancelled.</summary>
    bool HasToken { get; }

    /// <summary>Whether a value that is no awaitable is taken for the outcome.</summary>
    bool MayBeValue { get; }

    /// <summary>Whether code runs to make the awaitable.</summary>
    bool RunsCode { get; }

    /// <summary>Makes or takes the awaitable; once.</summary>
    NewReference CreateAwaitable();

    /// <summary>It is under way; <see cref="OnDone"/> or <see cref="OnReturned"/> will follow.</summary>
    void OnStarted(BorrowedReference awaited);

    /// <summary>The task or future is done.</summary>
    void OnDone(BorrowedReference awaited);

    /// <summary>It has come to a value.</summary>
    void OnReturned(BorrowedReference value);

    /// <summary>It cannot be started, or its outcome not be converted.</summary>
    void Fail(Exception exception);

    /// <summary>Cancels the Python object, if it is under way.</summary>
    void CancelOnLoop();

    /// <summary>It will never be done: the loop has closed, or its runtime gave up waiting. On any thread that holds the GIL.</summary>
    void Abandon(Exception reason);
}
