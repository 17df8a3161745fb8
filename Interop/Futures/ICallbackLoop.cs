namespace PyAsync.Interop;

/// <summary>The event loop, as <see cref="ReadyCallbacks"/> uses it. On the loop's thread, with the GIL held.</summary>
internal interface ICallbackLoop
{
    /// <summary>True if asyncio's debug mode is on: each callback then has its own handle, by which asyncio reports a slow callback.</summary>
    bool IsInDebugMode { get; }

    /// <summary>Gets the number of handles in the loop's queue; -1 if the queue cannot be read.</summary>
    nint QueueLength { get; }

    /// <summary>True if the handle at this address is the last one in the loop's queue.</summary>
    bool IsLastInQueue(nint handle);

    /// <summary>Schedules a drain by <c>call_soon</c>.</summary>
    /// <returns>The handle's address, to compare; 0 if the loop refused. An open loop is then woken, and runs a drain nevertheless.</returns>
    nint ScheduleDrain();

    /// <summary>True if the loop is closed.</summary>
    bool IsClosed { get; }

    /// <summary>Calls <c>loop.call_soon(callback, future, context=context)</c>. An interrupt during the call does not lose the callback.</summary>
    /// <returns>False if the loop refused.</returns>
    bool CallSoon(BorrowedReference future, BorrowedReference callback, BorrowedReference context);

    /// <summary>False if this turn has run requests for so long that the rest is left to the next turn: timers and sockets must have their turn.</summary>
    bool MayRunMore { get; }

    /// <summary>Runs an item that was added by <see cref="ReadyCallbacks.Add(object)"/>.</summary>
    /// <returns>False if it leaves a SystemExit or KeyboardInterrupt as the current error.</returns>
    bool Run(object item);

    /// <summary>Called when everything that may run in this turn has run.</summary>
    void EndTurn();
}
