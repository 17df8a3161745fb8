using PyAsync.Interop;

namespace PyAsync;

/// <summary>The body of an asynchronous function that starts on the thread which calls it.</summary>
/// <param name="arguments">The arguments that Python passed; valid until the first await.</param>
/// <returns>The work, which is started or done. Wrap a <see cref="Task{TResult}"/> with <c>new(task)</c>.</returns>
public delegate ValueTask<TResult> PyInlineFunctionBody<TResult>(CallbackArguments arguments);
