using PyAsync.Interop;

namespace PyAsync;

// Python's async with over resources of .NET.
public static partial class ScopeExtensions
{
    /// <summary>
    /// Makes a Python asynchronous context manager of a .NET resource: <c>async with manager as value:</c> disposes the resource at its end. A <c>[PyClass]</c> that is
    /// <see cref="IAsyncDisposable"/> is a context manager already.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="resource">
    /// The resource. Belongs to Python: leaving the <c>async with</c> disposes it on the backend and waits for that, whether the body failed or not; so does <c>aclose()</c>. If Python drops the
    /// manager without entering it, the thread pool disposes the resource, and a failure goes to the loop's exception handler and to the log.
    /// </param>
    /// <param name="value">The value that entering gives, such as an object with the resource's functions. Borrowed.</param>
    /// <returns>The context manager. It can be entered until the resource is disposed; later entering raises a <c>RuntimeError</c>. Belongs to the caller.</returns>
    /// <remarks>Takes the GIL if the thread does not hold it.</remarks>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed, or the runtime has ended. The resource still belongs to the caller.</exception>
    public static PyObject AsyncDisposableIntoPy(this IRuntime runtime, IAsyncDisposable resource, PyObject value)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(value);
        return runtime.DisposableIntoPy(resource, value);
    }

    /// <summary>
    /// Makes a converter for functions that return a resource: with <c>runtime.FunctionIntoPy("connect", _ =&gt; ConnectAsync, runtime.AsyncDisposableConverter&lt;Connection&gt;(…))</c>
    /// Python writes <c>async with await connect() as connection:</c>. Registered with <see cref="PyConvert.Register{T}"/>, the short forms of <c>FunctionIntoPy</c> find it.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="value">Makes the value that entering gives. Runs on the loop's thread, with the GIL held; the converter disposes its result.</param>
    /// <returns>A converter to Python, which makes context managers as <see cref="AsyncDisposableIntoPy"/> does. If that fails, it disposes the resource on the thread pool. It converts nothing from Python.</returns>
    public static PyConverter<T> AsyncDisposableConverter<T>(this IRuntime runtime, Func<T, PyObject> value)
        where T : IAsyncDisposable
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(value);
        return new AsyncDisposableConverter<T>(runtime, value);
    }
}
