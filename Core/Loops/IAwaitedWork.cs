using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>.NET work that Python awaits. Every member is called with the GIL held.</summary>
internal interface IAwaitedWork
{
    /// <summary>Gets the Python future of the work; NULL once it is settled.</summary>
    BorrowedReference Future { get; }

    /// <summary>Gets the work's name, for messages.</summary>
    string Name { get; }

    /// <summary>True if a call from Python started the work; false for a Task that was passed to Python.</summary>
    bool IsCall { get; }

    /// <summary>Requests the cancellation of the work.</summary>
    bool Cancel();

    /// <summary>Cancels the work and settles the future without the loop. Called when the loop has closed.</summary>
    void LoopClosed();

    /// <summary>Cancels the work and the future. Called when the runtime stops waiting, while the loop runs.</summary>
    void GiveUp();
}
