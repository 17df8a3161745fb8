using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Makes Python functions out of asynchronous C# delegates of up to eight parameters. Python code can pass the arguments by position and by keyword,
/// under the parameters' names in Python's style (<c>maxCount</c> is <c>max_count</c>). Default values of the parameters of a method or a lambda are
/// kept. <c>inspect.signature</c> and <c>help()</c> show both. The converters are found by reflection (<see cref="PyConvert.For{T}"/>): trimmed and
/// NativeAOT code uses <see cref="FunctionIntoPyExtensions"/>.
/// </summary>
/// <remarks>
/// Callable from any thread; takes the GIL if the thread does not hold it. The arguments are converted on the calling thread, the body runs on the
/// backend.
/// </remarks>
[RequiresDynamicCode(PyConvert.NeedsReflection)]
[RequiresUnreferencedCode(PyConvert.NeedsReflection)]
public static partial class FunctionIntoPyReflectionExtensions
{
    /// <summary>Makes a function whose parameters are those of <paramref name="body"/>.</summary>
    /// <param name="runtime">The runtime whose backend does the work.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="body">The work. A token that it takes fires when Python cancels the await; without one the awaitable then ends at once, and the work continues unobserved.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <param name="returns">The kind of awaitable that a call returns.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    [OverloadResolutionPriority(1)] // A body that only throws also matches the resultless form with one more parameter.
    public static PyObject FunctionIntoPy<TResult>(
        this IRuntime runtime, string name, Func<CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body).Create(
            runtime,
            _ => token => body(token),
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<TResult>(
        this IRuntime runtime, string name, Func<Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body).Create(
            runtime,
            _ => _ => body(),
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T, TResult>(
        this IRuntime runtime, string name, Func<T, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T>()).Create(
            runtime,
            arguments =>
            {
                T p1 = arguments.Get<T>(0);
                return token => body(p1, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T, TResult>(
        this IRuntime runtime, string name, Func<T, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T>()).Create(
            runtime,
            arguments =>
            {
                T p1 = arguments.Get<T>(0);
                return _ => body(p1);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2) = (arguments.Get<T1>(0), arguments.Get<T2>(1));
                return token => body(p1, p2, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2) = (arguments.Get<T1>(0), arguments.Get<T2>(1));
                return _ => body(p1, p2);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2));
                return token => body(p1, p2, p3, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2));
                return _ => body(p1, p2, p3);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3));
                return token => body(p1, p2, p3, p4, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3));
                return _ => body(p1, p2, p3, p4);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);
}
