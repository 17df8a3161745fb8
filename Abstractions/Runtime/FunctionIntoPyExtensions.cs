using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Makes Python functions out of asynchronous C# ones: Python calls them and awaits what they return, as with its own
/// <c>async def</c>. The body runs on the backend; its token fires when Python cancels the await.
/// </summary>
public static class FunctionIntoPyExtensions
{
    /// <summary>A function of any arguments: <paramref name="start"/> reads them, on the calling thread, and gives the work.</summary>
    /// <param name="runtime">The runtime whose backend does the work.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="start">Reads the arguments and gives the work to do with them.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    public static PyObject FunctionIntoPy<TResult>(
        this IRuntime runtime, string name, PyAsyncFunctionBody<TResult> start, PyConverter<TResult> converter, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(start);
        return PyFunction.Create(
            new AsyncFunction<TResult>(runtime, name, start, converter),
            new FunctionDescription(name) { Doc = doc, IsAsync = true });
    }

    /// <summary>
    /// A function that starts on the calling thread, as any asynchronous C# method does, and runs there to its first real await: what
    /// completes without one costs neither a thread's hop nor a turn of the loop.
    /// </summary>
    /// <remarks>
    /// The GIL is held until then, so that it must not compute for long. It gets no token, since making one is most of what a call costs
    /// that completes at once: when Python cancels, the awaitable ends at once, and the work goes on unobserved
    /// (<see cref="CancelBehavior.Abandon"/>). Use <see cref="FunctionIntoPy{TResult}(IRuntime, string, PyAsyncFunctionBody{TResult}, PyConverter{TResult}, string)"/>
    /// for work that is to be cancelled.
    /// </remarks>
    /// <param name="runtime">The runtime that it belongs to.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="body">Starts the work. An exception of it is raised by the call, rather than by the await.</param>
    /// <param name="converter">Converts the result.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    public static PyObject InlineFunctionIntoPy<TResult>(
        this IRuntime runtime, string name, PyInlineFunctionBody<TResult> body, PyConverter<TResult> converter, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(converter);
        return PyFunction.Create(runtime.InlineFunction(name, body, converter), new FunctionDescription(name) { Doc = doc, IsAsync = true });
    }

    /// <summary>A function without arguments and result.</summary>
    public static PyObject FunctionIntoPy(this IRuntime runtime, string name, Func<CancellationToken, Task> body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return runtime.FunctionIntoPy(
            name,
            arguments =>
            {
                arguments.ThrowIfNotOf(0);
                return Resultless(body);
            },
            PyConvert.None,
            doc);
    }

    /// <summary>A function without arguments.</summary>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    public static PyObject FunctionIntoPy<TResult>(this IRuntime runtime, string name, Func<CancellationToken, Task<TResult>> body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return runtime.FunctionIntoPy(
            name,
            arguments =>
            {
                arguments.ThrowIfNotOf(0);
                return body;
            },
            PyConvert.For<TResult>(),
            doc);
    }

    /// <summary>A function of one argument, without a result.</summary>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    public static PyObject FunctionIntoPy<T>(this IRuntime runtime, string name, Func<T, CancellationToken, Task> body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        PyConverter<T> argument = PyConvert.For<T>();
        return runtime.FunctionIntoPy(
            name,
            arguments =>
            {
                arguments.ThrowIfNotOf(1);
                T value = arguments.Get(0, argument);
                return Resultless(ct => body(value, ct));
            },
            PyConvert.None,
            doc);
    }

    /// <summary>A function of one argument.</summary>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    public static PyObject FunctionIntoPy<T, TResult>(this IRuntime runtime, string name, Func<T, CancellationToken, Task<TResult>> body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        PyConverter<T> argument = PyConvert.For<T>();
        return runtime.FunctionIntoPy(
            name,
            arguments =>
            {
                arguments.ThrowIfNotOf(1);
                T value = arguments.Get(0, argument);
                return ct => body(value, ct);
            },
            PyConvert.For<TResult>(),
            doc);
    }

    /// <summary>A function of two arguments.</summary>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    public static PyObject FunctionIntoPy<T1, T2, TResult>(this IRuntime runtime, string name, Func<T1, T2, CancellationToken, Task<TResult>> body, string? doc = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        PyConverter<T1> first = PyConvert.For<T1>();
        PyConverter<T2> second = PyConvert.For<T2>();
        return runtime.FunctionIntoPy(
            name,
            arguments =>
            {
                arguments.ThrowIfNotOf(2);
                T1 value1 = arguments.Get(0, first);
                T2 value2 = arguments.Get(1, second);
                return ct => body(value1, value2, ct);
            },
            PyConvert.For<TResult>(),
            doc);
    }

    private static Func<CancellationToken, Task<object?>> Resultless(Func<CancellationToken, Task> body) =>
        async ct =>
        {
            await body(ct).ConfigureAwait(false);
            return null;
        };
}
