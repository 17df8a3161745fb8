using PyAsync.Interop;

namespace PyAsync;

// Functions without a result.
public static partial class FunctionIntoPyReflectionExtensions
{
    /// <summary>Makes a function without a result whose parameters are those of <paramref name="body"/>.</summary>
    /// <param name="runtime">The runtime whose backend does the work.</param>
    /// <param name="name">The function's name in Python.</param>
    /// <param name="body">The work. A token that it takes fires when Python cancels the await; without one the awaitable then ends at once, and the work continues unobserved.</param>
    /// <param name="doc">The function's <c>__doc__</c>.</param>
    /// <param name="returns">The kind of awaitable that a call returns.</param>
    /// <returns>The function. Belongs to the caller.</returns>
    public static PyObject FunctionIntoPy<T>(
        this IRuntime runtime, string name, Func<T, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T>()).Create(
            runtime,
            arguments =>
            {
                T p1 = arguments.Get<T>(0);
                return token => Resultless.Of(body(p1, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T>(
        this IRuntime runtime, string name, Func<T, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T>()).Create(
            runtime,
            arguments =>
            {
                T p1 = arguments.Get<T>(0);
                return _ => Resultless.Of(body(p1));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2>(
        this IRuntime runtime, string name, Func<T1, T2, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2) = (arguments.Get<T1>(0), arguments.Get<T2>(1));
                return token => Resultless.Of(body(p1, p2, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2>(
        this IRuntime runtime, string name, Func<T1, T2, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2) = (arguments.Get<T1>(0), arguments.Get<T2>(1));
                return _ => Resultless.Of(body(p1, p2));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3>(
        this IRuntime runtime, string name, Func<T1, T2, T3, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2));
                return token => Resultless.Of(body(p1, p2, p3, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3>(
        this IRuntime runtime, string name, Func<T1, T2, T3, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2));
                return _ => Resultless.Of(body(p1, p2, p3));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3));
                return token => Resultless.Of(body(p1, p2, p3, p4, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3));
                return _ => Resultless.Of(body(p1, p2, p3, p4));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4));
                return token => Resultless.Of(body(p1, p2, p3, p4, p5, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4));
                return _ => Resultless.Of(body(p1, p2, p3, p4, p5));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5));
                return token => Resultless.Of(body(p1, p2, p3, p4, p5, p6, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5));
                return _ => Resultless.Of(body(p1, p2, p3, p4, p5, p6));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6));
                return token => Resultless.Of(body(p1, p2, p3, p4, p5, p6, p7, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6));
                return _ => Resultless.Of(body(p1, p2, p3, p4, p5, p6, p7));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7, T8>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>(), PyConvert.For<T8>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7, p8) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6), arguments.Get<T8>(7));
                return token => Resultless.Of(body(p1, p2, p3, p4, p5, p6, p7, p8, token));
            },
            PyConvert.None,
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{T}(IRuntime, string, Func{T, CancellationToken, Task}, string, PyAwaitable)"/>
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7, T8>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>(), PyConvert.For<T8>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7, p8) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6), arguments.Get<T8>(7));
                return _ => Resultless.Of(body(p1, p2, p3, p4, p5, p6, p7, p8));
            },
            PyConvert.None,
            takesToken: false,
            doc,
            returns);
}
