namespace PyAsync.Functions;

/// <summary>Starts the work of a coroutine, on the thread that awaits it first, with the GIL held, and returns an awaitable of the work.</summary>
/// <param name="call">A call of the function without arguments: those of the call that made the coroutine are no longer valid.</param>
internal delegate NewReference CoroutineStart(CallbackArguments call);
