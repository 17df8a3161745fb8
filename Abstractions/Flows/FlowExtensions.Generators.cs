using PyAsync.Interop;

namespace PyAsync;

// Generators.
public static partial class FlowExtensions
{
    /// <summary>
    /// Runs a Python async generator step by step, and sends values and exceptions to it: <c>asend</c> and <c>athrow</c>. To only read one, use
    /// <see cref="IRuntime.IntoAsyncEnumerable{T}"/>, which runs ahead.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="source">Makes the generator, on the loop's thread, at the first step.</param>
    /// <param name="sendConverter">Converts the values to send, on the loop's thread.</param>
    /// <param name="converter">Converts each item, on the loop's thread. An item that does not convert ends the generator.</param>
    /// <returns>The generator. Dispose it: a generator that has not ended keeps its task.</returns>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public static PythonGenerator<TSend, T> IntoAsyncGenerator<TSend, T>(
        this IRuntime runtime, Func<PyObject> source, PyConverter<TSend> sendConverter, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(sendConverter);
        ArgumentNullException.ThrowIfNull(converter);
        return new PythonGenerator<TSend, T>(runtime.In(runtime.CaptureContext()), source, sendConverter, converter);
    }
}
