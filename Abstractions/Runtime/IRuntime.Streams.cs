using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

public partial interface IRuntime
{
    /// <summary>
    /// Reads a Python async generator, or any async iterable, as an <see cref="IAsyncEnumerable{T}"/>. Python runs ahead of the reader
    /// by at most <paramref name="buffer"/> items; when the reader stops early, <c>aclose()</c> runs and is waited for.
    /// </summary>
    /// <param name="context">The loop and Python context to use; null for the current one, at the time the reading starts.</param>
    /// <param name="source">Makes the iterable, on the loop's thread, once for each reading.</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <param name="buffer">How many items Python may be ahead. At least 1.</param>
    /// <returns>Read it from any thread, without the GIL; <c>WithCancellation</c> gives a token that cancels the generator's step. Each reading fails with what Python raises, as <c>IntoFuture</c> does.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended; at the time the reading starts.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use; at the time the reading starts.</exception>
    IAsyncEnumerable<T> IntoAsyncEnumerable<T>(EventLoopContext? context, Func<PyObject> source, PyConverter<T> converter, int buffer = 16);

    /// <summary>Gives Python an async iterator over .NET items: <c>async for item in …</c>. It is read once.</summary>
    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="source">The items. Its enumerator runs on the backend, and is disposed when Python stops early (<c>aclose()</c>, or the last reference).</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <returns>The async iterator. Belongs to the caller.</returns>
    /// <remarks>Takes the GIL if the thread has not got it.</remarks>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    PyObject AsyncEnumerableIntoPy<T>(EventLoopContext? context, IAsyncEnumerable<T> source, PyConverter<T> converter);

    /// <inheritdoc cref="IntoAsyncEnumerable{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, int)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    IAsyncEnumerable<T> IntoAsyncEnumerable<T>(Func<PyObject> source, int buffer = 16) =>
        IntoAsyncEnumerable(null, source, PyConvert.For<T>(), buffer);

    /// <inheritdoc cref="AsyncEnumerableIntoPy{T}(EventLoopContext, IAsyncEnumerable{T}, PyConverter{T})"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject AsyncEnumerableIntoPy<T>(IAsyncEnumerable<T> source) =>
        AsyncEnumerableIntoPy(null, source, PyConvert.For<T>());

    /// <inheritdoc cref="IntoAsyncEnumerable{T}(EventLoopContext, Func{PyObject}, PyConverter{T}, int)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    IAsyncEnumerable<T> IntoAsyncEnumerable<T>(EventLoopContext context, Func<PyObject> source, int buffer = 16) =>
        IntoAsyncEnumerable(context, source, PyConvert.For<T>(), buffer);

    /// <inheritdoc cref="AsyncEnumerableIntoPy{T}(EventLoopContext, IAsyncEnumerable{T}, PyConverter{T})"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject AsyncEnumerableIntoPy<T>(EventLoopContext context, IAsyncEnumerable<T> source) =>
        AsyncEnumerableIntoPy(context, source, PyConvert.For<T>());
}
