using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Makes Python functions out of asynchronous C# ones. Python calls them and awaits what they return, as with an <c>async def</c>. The body runs on the
/// backend. These forms work under trimming and NativeAOT; those of <see cref="FunctionIntoPyReflectionExtensions"/> read the parameters of a delegate.
/// </summary>
/// <remarks>Callable from any thread; takes the GIL if the thread does not hold it.</remarks>
public static class FunctionIntoPyExtensions
{
    private const string AnyArguments = "(*args, **kwargs)";

    /// <summary>Makes a function of any arguments: <paramref name="start"/> reads them, on the calling thread, and returns the work.</summary>
    /// <param name="runtime">The runtime whose backend does the work.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="start">Reads the arguments and returns the work to do with them. The work's token fires when Python cancels the await.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <param name="returns">The kind of awaitable that a call returns.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    public static PyObject FunctionIntoPy<TResult>(
        this IRuntime runtime, string name, PyAsyncFunctionBody<TResult> start, PyConverter<TResult> converter, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        Create(runtime, new FunctionDescription(name) { Doc = doc, Kind = FunctionKind.Coroutine, TextSignature = AnyArguments }, start, converter, CancelBehavior.Wait, returns);

    /// <summary>
    /// Makes a function that starts on the calling thread, as any asynchronous C# method does, and runs there to its first real await. A call that
    /// completes without one needs neither a change of threads nor a turn of the loop.
    /// </summary>
    /// <remarks>
    /// The GIL is held until then, so the body must not compute for long. It gets no token, because creating one is most of the cost of a call that
    /// completes at once: when Python cancels, the awaitable ends at once, and the work continues (<see cref="CancelBehavior.Abandon"/>); only the end of the runtime waits for it.
    /// Use <see cref="FunctionIntoPy{TResult}(IRuntime, string, PyAsyncFunctionBody{TResult}, PyConverter{TResult}, string, PyAwaitable)"/> for work
    /// that can be cancelled.
    /// </remarks>
    /// <param name="runtime">The runtime that it belongs to.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="body">Starts the work. The call raises an exception that it throws, rather than the await.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    public static PyObject InlineFunctionIntoPy<TResult>(
        this IRuntime runtime, string name, PyInlineFunctionBody<TResult> body, PyConverter<TResult> converter, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(converter);
        return PyFunction.Create(
            runtime.InlineFunction(name, body, converter), new FunctionDescription(name) { Doc = doc, Kind = FunctionKind.Coroutine, TextSignature = AnyArguments });
    }

    /// <summary>Makes a function without arguments and result, whose work takes a token.</summary>
    /// <param name="runtime">The runtime whose backend does the work.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="body">The work. Its token fires when Python cancels the await.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <param name="returns">The kind of awaitable that a call returns.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    public static PyObject FunctionIntoPy(this IRuntime runtime, string name, Func<CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future)
    {
        ArgumentNullException.ThrowIfNull(body);
        return WithoutArguments(runtime, name, token => Resultless.Of(body(token)), CancelBehavior.Wait, doc, returns);
    }

    /// <summary>Makes a function without arguments and result.</summary>
    /// <param name="runtime">The runtime whose backend does the work.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="body">The work. When Python cancels the await, the awaitable ends at once, and the work continues; only the end of the runtime waits for it.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <param name="returns">The kind of awaitable that a call returns.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    public static PyObject FunctionIntoPy(this IRuntime runtime, string name, Func<Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future)
    {
        ArgumentNullException.ThrowIfNull(body);
        return WithoutArguments(runtime, name, _ => Resultless.Of(body()), CancelBehavior.Abandon, doc, returns);
    }

    /// <summary>Makes a function of a runtime.</summary>
    internal static PyObject Create<TResult>(
        IRuntime runtime, FunctionDescription description, PyAsyncFunctionBody<TResult> start, PyConverter<TResult> converter, CancelBehavior cancel, PyAwaitable returns)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(converter);
        return PyFunction.Create(
            returns == PyAwaitable.Coroutine
                ? new AsyncCoroutineFunction<TResult>(runtime, description, start, converter, cancel)
                : new AsyncFunction<TResult>(runtime, description.Name, start, converter, cancel),
            description);
    }

    private static PyObject WithoutArguments(
        IRuntime runtime, string name, Func<CancellationToken, Task<object?>> work, CancelBehavior cancel, string? doc, PyAwaitable returns) =>
        Create(
            runtime,
            new FunctionDescription(name) { Doc = doc, Kind = FunctionKind.Coroutine, TextSignature = "()" },
            arguments =>
            {
                arguments.ThrowIfNotOf(0);
                return work;
            },
            PyConvert.None,
            cancel,
            returns);
}
