using PyAsync.Interop;

namespace PyAsync;

/// <summary>Reads the arguments that Python passed to an asynchronous function, and returns the work to do with them.</summary>
/// <param name="arguments">The arguments; valid during the call, which ends before the work begins.</param>
/// <returns>The work, which runs on the backend.</returns>
public delegate Func<CancellationToken, Task<TResult>> PyAsyncFunctionBody<TResult>(CallbackArguments arguments);
