using System.Runtime.CompilerServices;
using PyAsync.Interop;

namespace PyAsync;

public static partial class FunctionIntoPyReflectionExtensions
{
    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4));
                return token => body(p1, p2, p3, p4, p5, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4));
                return _ => body(p1, p2, p3, p4, p5);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5));
                return token => body(p1, p2, p3, p4, p5, p6, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5));
                return _ => body(p1, p2, p3, p4, p5, p6);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6));
                return token => body(p1, p2, p3, p4, p5, p6, p7, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6));
                return _ => body(p1, p2, p3, p4, p5, p6, p7);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, T8, CancellationToken, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>(), PyConvert.For<T8>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7, p8) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6), arguments.Get<T8>(7));
                return token => body(p1, p2, p3, p4, p5, p6, p7, p8, token);
            },
            PyConvert.For<TResult>(),
            takesToken: true,
            doc,
            returns);

    /// <inheritdoc cref="FunctionIntoPy{TResult}(IRuntime, string, Func{CancellationToken, Task{TResult}}, string, PyAwaitable)"/>
    [OverloadResolutionPriority(1)]
    public static PyObject FunctionIntoPy<T1, T2, T3, T4, T5, T6, T7, T8, TResult>(
        this IRuntime runtime, string name, Func<T1, T2, T3, T4, T5, T6, T7, T8, Task<TResult>> body, string? doc = null, PyAwaitable returns = PyAwaitable.Future) =>
        new DelegateFunction(name, body, PyConvert.For<T1>(), PyConvert.For<T2>(), PyConvert.For<T3>(), PyConvert.For<T4>(), PyConvert.For<T5>(), PyConvert.For<T6>(), PyConvert.For<T7>(), PyConvert.For<T8>()).Create(
            runtime,
            arguments =>
            {
                var (p1, p2, p3, p4, p5, p6, p7, p8) = (arguments.Get<T1>(0), arguments.Get<T2>(1), arguments.Get<T3>(2), arguments.Get<T4>(3), arguments.Get<T5>(4), arguments.Get<T6>(5), arguments.Get<T7>(6), arguments.Get<T8>(7));
                return _ => body(p1, p2, p3, p4, p5, p6, p7, p8);
            },
            PyConvert.For<TResult>(),
            takesToken: false,
            doc,
            returns);
}
