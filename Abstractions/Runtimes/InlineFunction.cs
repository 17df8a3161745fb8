using PyAsync.Interop;

namespace PyAsync.Runtimes;

/// <summary>A Python function that runs .NET work to its first real await and returns an awaitable of it.</summary>
internal sealed class InlineFunction<TResult>(IRuntime runtime, string name, PyInlineFunctionBody<TResult> body, PyConverter<TResult> converter)
    : PyCallable(name)
{
    public override NewReference Invoke(CallbackArguments arguments)
    {
        using PyObject awaitable = runtime.FutureIntoPy(body(arguments), converter);
        return NewReference.From(awaitable.Reference);
    }
}
