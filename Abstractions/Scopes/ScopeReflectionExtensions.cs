using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The forms of <see cref="ScopeExtensions"/> that find the converter of a type by reflection (<see cref="PyConvert.For{T}"/>). Trimmed and NativeAOT code
/// passes a <see cref="PyConverter{T}"/> instead.
/// </summary>
[RequiresDynamicCode(PyConvert.NeedsReflection)]
[RequiresUnreferencedCode(PyConvert.NeedsReflection)]
public static class ScopeReflectionExtensions
{
    /// <inheritdoc cref="ScopeExtensions.UsingAsync{TValue, TResult}(IRuntime, Func{PyObject}, PyConverter{TValue}, Func{TValue, CancellationToken, Task{TResult}}, CancellationToken)"/>
    public static Task<TResult?> UsingAsync<TValue, TResult>(
        this IRuntime runtime, Func<PyObject> manager, Func<TValue, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default) =>
        runtime.UsingAsync(manager, PyConvert.For<TValue>(), body, cancellationToken);

    /// <inheritdoc cref="ScopeExtensions.EnterAsync{T}(IRuntime, Func{PyObject}, PyConverter{T}, CancellationToken)"/>
    public static Task<PyScope<T>> EnterAsync<T>(this IRuntime runtime, Func<PyObject> manager, CancellationToken cancellationToken = default) =>
        runtime.EnterAsync(manager, PyConvert.For<T>(), cancellationToken);

    /// <inheritdoc cref="TaskScope.Start{T}(Func{PyObject}, PyConverter{T})"/>
    public static ScopeChild<T> Start<T>(this TaskScope scope, Func<PyObject> awaitable)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Start(awaitable, PyConvert.For<T>());
    }
}
