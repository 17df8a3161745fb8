using PyAsync.Interop;

namespace PyAsync.Runtimes;

/// <summary>A Python function that returns a coroutine, which starts .NET work when it is awaited.</summary>
internal sealed class AsyncCoroutineFunction<TResult>(
    IRuntime runtime, FunctionDescription description, PyAsyncFunctionBody<TResult> start, PyConverter<TResult> converter, CancelBehavior cancel)
    : PyCallable(description.Name)
{
    private readonly CoroutineFunction _coroutines = new(description);

    public override NewReference Invoke(CallbackArguments arguments)
    {
        Func<CancellationToken, Task<TResult>> work = runtime.ReadArguments(arguments, start);
        return _coroutines.New(this, call => runtime.StartIntoPy(call, _ => work, converter, cancel));
    }
}
