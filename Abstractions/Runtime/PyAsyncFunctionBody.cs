using PyAsync.Interop;

namespace PyAsync;

/// <summary>Reads what Python passed to an asynchronous function, and gives the work to do with it.</summary>
/// <param name="arguments">What Python passed; good for the length of the call, which ends before the work begins.</param>
/// <returns>The work, which runs on the backend.</returns>
public delegate Func<CancellationToken, Task<TResult>> PyAsyncFunctionBody<TResult>(CallbackArguments arguments);
