using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync;

public partial interface IRuntime
{
    /// <summary>
    /// Starts .NET work on the backend, always, and gives Python an awaitable of it. Called from a function that Python called, it
    /// binds to the loop that runs there.
    /// </summary>
    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="work">
    /// The work. Its token fires on the backend, never on the loop's thread, when Python cancels the awaitable
    /// (<c>cancel()</c>, <c>asyncio.timeout</c>, <c>wait_for</c>, a TaskGroup) and when the runtime ends.
    /// </param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    /// <returns>The awaitable, which follows the protocol of <c>asyncio.Future</c>; its result is <c>None</c>. Belongs to the caller.</returns>
    /// <exception cref="NoRunningLoopException">Python called, and no loop runs on this thread; Python sees a <c>RuntimeError</c>.</exception>
    /// <exception cref="ObjectDisposedException">The runtime has ended.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    PyObject FutureIntoPy(EventLoopContext? context, Func<CancellationToken, Task> work, CancelBehavior cancel = CancelBehavior.Wait);

    /// <inheritdoc cref="FutureIntoPy(EventLoopContext, Func{CancellationToken, Task}, CancelBehavior)"/>
    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="work">The work. Its token fires on the backend when Python cancels, and when the runtime ends.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    /// <returns>The awaitable, which follows the protocol of <c>asyncio.Future</c>. Belongs to the caller.</returns>
    PyObject FutureIntoPy<T>(EventLoopContext? context, Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait);

    /// <summary>
    /// Gives Python an awaitable of a Task that runs already. One that has completed gives an awaitable that is done: awaiting it
    /// takes no turn of the loop.
    /// </summary>
    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="started">The Task. Nothing here can cancel it.</param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    /// <inheritdoc cref="FutureIntoPy(EventLoopContext, Func{CancellationToken, Task}, CancelBehavior)" path="/returns|/exception"/>
    PyObject FutureIntoPy(EventLoopContext? context, Task started, CancelBehavior cancel = CancelBehavior.Abandon);

    /// <inheritdoc cref="FutureIntoPy(EventLoopContext, Task, CancelBehavior)"/>
    /// <param name="context">The loop to bind to; null for the current one.</param>
    /// <param name="started">The Task. Nothing here can cancel it.</param>
    /// <param name="converter">Converts the result, on the loop's thread.</param>
    /// <param name="cancel">What becomes of the awaitable when Python cancels it.</param>
    PyObject FutureIntoPy<T>(EventLoopContext? context, Task<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Task{T}, PyConverter{T}, CancelBehavior)"/>
    PyObject FutureIntoPy<T>(EventLoopContext? context, ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon);

    /// <inheritdoc cref="FutureIntoPy(EventLoopContext, Func{CancellationToken, Task}, CancelBehavior)"/>
    PyObject FutureIntoPy(Func<CancellationToken, Task> work, CancelBehavior cancel = CancelBehavior.Wait) =>
        FutureIntoPy(null, work, cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)"/>
    PyObject FutureIntoPy<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Wait) =>
        FutureIntoPy(null, work, converter, cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject FutureIntoPy<T>(Func<CancellationToken, Task<T>> work, CancelBehavior cancel = CancelBehavior.Wait) =>
        FutureIntoPy(null, work, PyConvert.For<T>(), cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Func{CancellationToken, Task{T}}, PyConverter{T}, CancelBehavior)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject FutureIntoPy<T>(EventLoopContext context, Func<CancellationToken, Task<T>> work, CancelBehavior cancel = CancelBehavior.Wait) =>
        FutureIntoPy(context, work, PyConvert.For<T>(), cancel);

    /// <inheritdoc cref="FutureIntoPy(EventLoopContext, Task, CancelBehavior)"/>
    PyObject FutureIntoPy(Task started, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(null, started, cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Task{T}, PyConverter{T}, CancelBehavior)"/>
    PyObject FutureIntoPy<T>(Task<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(null, started, converter, cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Task{T}, PyConverter{T}, CancelBehavior)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject FutureIntoPy<T>(Task<T> started, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(null, started, PyConvert.For<T>(), cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Task{T}, PyConverter{T}, CancelBehavior)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject FutureIntoPy<T>(EventLoopContext context, Task<T> started, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(context, started, PyConvert.For<T>(), cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Task{T}, PyConverter{T}, CancelBehavior)"/>
    PyObject FutureIntoPy<T>(ValueTask<T> started, PyConverter<T> converter, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(null, started, converter, cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, Task{T}, PyConverter{T}, CancelBehavior)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject FutureIntoPy<T>(ValueTask<T> started, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(null, started, PyConvert.For<T>(), cancel);

    /// <inheritdoc cref="FutureIntoPy{T}(EventLoopContext, ValueTask{T}, PyConverter{T}, CancelBehavior)"/>
    [RequiresDynamicCode(RuntimeMessages.NeedsReflection)]
    [RequiresUnreferencedCode(RuntimeMessages.NeedsReflection)]
    PyObject FutureIntoPy<T>(EventLoopContext context, ValueTask<T> started, CancelBehavior cancel = CancelBehavior.Abandon) =>
        FutureIntoPy(context, started, PyConvert.For<T>(), cancel);

    /// <summary>The same for functions that hand the awaitable straight to Python: an implementation need not make an object for it.</summary>
    internal NewReference StartIntoPy<T>(Func<CancellationToken, Task<T>> work, PyConverter<T> converter)
    {
        using PyObject awaitable = FutureIntoPy(null, work, converter);
        return NewReference.From(awaitable.Reference);
    }

    /// <summary>What a function that starts inline does when it is called.</summary>
    internal PyCallable InlineFunction<T>(string name, PyInlineFunctionBody<T> body, PyConverter<T> converter) =>
        new InlineFunction<T>(this, name, body, converter);
}
