using PyAsync.Interop;

namespace PyAsync;

/// <summary>The body of an asynchronous function that starts on the thread which calls it.</summary>
/// <param name="arguments">What Python passed; good until the first await.</param>
/// <returns>The work, which is under way or done. A <see cref="Task{TResult}"/> is given as <c>new(task)</c>.</returns>
public delegate ValueTask<TResult> PyInlineFunctionBody<TResult>(CallbackArguments arguments);
