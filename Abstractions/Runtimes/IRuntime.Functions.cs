using System.Collections.Concurrent;
using PyAsync.Interop;

namespace PyAsync;

// Members that the extensions (FunctionIntoPyExtensions, RuntimeExtensions, ScopeExtensions) use. An implementation need not provide them.
public partial interface IRuntime
{
    /// <summary>Gets the implementations of <c>[PyImport]</c> interfaces that use this runtime, by interface; null if each use makes a new one.</summary>
    internal ConcurrentDictionary<Type, object>? Imports => null;

    /// <summary>Starts the work of a call and returns its awaitable directly to Python: an implementation need not create an object for it.</summary>
    internal NewReference StartIntoPy<T>(CallbackArguments arguments, PyAsyncFunctionBody<T> start, PyConverter<T> converter, CancelBehavior cancel)
    {
        using PyObject awaitable = FutureIntoPy(start(arguments), converter, cancel);
        return NewReference.From(awaitable.Reference);
    }

    /// <summary>Makes a Python awaitable of a started Task without a result: an implementation need not wrap the Task in one with a result.</summary>
    internal PyObject StartedIntoPy(Task started, CancelBehavior cancel) =>
        FutureIntoPy(new ValueTask<object?>(Resultless.Of(started)), PyConvert.None, cancel);

    /// <summary>Reads the arguments of a call, for work that starts later.</summary>
    internal Func<CancellationToken, Task<T>> ReadArguments<T>(CallbackArguments arguments, PyAsyncFunctionBody<T> start) => start(arguments);

    /// <summary>Makes the function that starts inline.</summary>
    internal PyCallable InlineFunction<T>(string name, PyInlineFunctionBody<T> body, PyConverter<T> converter) =>
        new InlineFunction<T>(this, name, body, converter);

    /// <summary>Enters a Python context manager, runs .NET work inside it, and exits it, all in one Python task.</summary>
    /// <param name="manager">Makes the context manager, on the loop's thread.</param>
    /// <param name="converter">Converts the value that entering gives.</param>
    /// <param name="body">The work, with the context that it runs in. Its result is false if it abandons the scope. The value is disposed after it.</param>
    /// <param name="cancellationToken">Cancels the Python task.</param>
    internal Task HoldAsync<T>(
        Func<PyObject> manager, PyConverter<T> converter, Func<T, EventLoopContext, CancellationToken, Task<bool>> body, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{GetType()} cannot enter Python context managers: call the runtime that PyAsync made.");

    /// <summary>Makes a Python asynchronous context manager whose exit disposes a resource on the backend.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="value">The value that entering gives. Borrowed.</param>
    internal PyObject DisposableIntoPy(IAsyncDisposable resource, PyObject value) =>
        throw new NotSupportedException($"{GetType()} cannot make Python context managers: call the runtime that PyAsync made.");
}
