using PyAsync.Interop;
using PyAsync.Values;

namespace PyAsync;

/// <summary>
/// Converters of values that belong to a runtime, for arguments, fields and items: <c>PyConvert.List(runtime.TaskConverter(PyConvert.Int32))</c>. The short
/// forms find them without the runtime, which is then that of the call (<c>CallAsync(f, [task])</c>).
/// </summary>
/// <remarks>They work under trimming and NativeAOT. A conversion to Python needs a loop, as the member does that it calls.</remarks>
public static class RuntimeConverters
{
    /// <summary>Gets the converter of a Task without a result: <see cref="IRuntime.FutureIntoPy{T}(ValueTask{T}, PyConverter{T}, CancelBehavior)"/>, and <c>IntoFuture</c> from Python.</summary>
    /// <param name="runtime">The runtime that the values belong to.</param>
    public static PyConverter<Task> TaskConverter(this IRuntime runtime) => new TaskConverter(Given(runtime));

    /// <summary>Gets the converter of a Task: <see cref="IRuntime.FutureIntoPy{T}(ValueTask{T}, PyConverter{T}, CancelBehavior)"/>, and <c>IntoFuture</c> from Python.</summary>
    /// <param name="runtime">The runtime that the values belong to.</param>
    /// <param name="result">Converts the Task's result.</param>
    public static PyConverter<Task<T>> TaskConverter<T>(this IRuntime runtime, PyConverter<T> result) => new TaskConverter<T>(Given(runtime), Given(result));

    /// <inheritdoc cref="TaskConverter(IRuntime)"/>
    /// <summary>Gets the converter of a ValueTask without a result, which a conversion to Python consumes.</summary>
    public static PyConverter<ValueTask> ValueTaskConverter(this IRuntime runtime) => new ValueTaskConverter(Given(runtime));

    /// <inheritdoc cref="TaskConverter{T}"/>
    /// <summary>Gets the converter of a ValueTask, which a conversion to Python consumes.</summary>
    public static PyConverter<ValueTask<T>> ValueTaskConverter<T>(this IRuntime runtime, PyConverter<T> result) => new ValueTaskConverter<T>(Given(runtime), Given(result));

    /// <summary>Gets the converter of a stream: <see cref="IRuntime.AsyncEnumerableIntoPy{T}"/>, and <see cref="IRuntime.IntoAsyncEnumerable{T}"/> from Python.</summary>
    /// <param name="runtime">The runtime that the values belong to.</param>
    /// <param name="item">Converts an item.</param>
    public static PyConverter<IAsyncEnumerable<T>> StreamConverter<T>(this IRuntime runtime, PyConverter<T> item) => new StreamConverter<T>(Given(runtime), Given(item));

    private static T Given<T>(T argument)
        where T : class => argument ?? throw new ArgumentNullException(nameof(argument));
}
