using PyAsync.Interop;

namespace PyAsync.Runtimes;

/// <summary>A Python function that starts .NET work and returns an awaitable of it.</summary>
internal sealed class AsyncFunction<TResult>(
    IRuntime runtime, string name, PyAsyncFunctionBody<TResult> start, PyConverter<TResult> converter, CancelBehavior cancel)
    : PyCallable(name)
{
    public override NewReference Invoke(CallbackArguments arguments) => runtime.StartIntoPy(arguments, start, converter, cancel);
}
