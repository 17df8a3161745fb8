using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// The forms of <see cref="FlowExtensions"/> that find the converter of a type by reflection (<see cref="PyConvert.For{T}"/>). Trimmed and NativeAOT code
/// passes a <see cref="PyConverter{T}"/> instead.
/// </summary>
[RequiresDynamicCode(PyConvert.NeedsReflection)]
[RequiresUnreferencedCode(PyConvert.NeedsReflection)]
public static class FlowReflectionExtensions
{
    /// <inheritdoc cref="FlowExtensions.IntoChannelReader{T}(IRuntime, PyObject, PyConverter{T}, int)"/>
    public static PythonQueueReader<T> IntoChannelReader<T>(this IRuntime runtime, PyObject queue, int buffer = 16) =>
        runtime.IntoChannelReader(queue, PyConvert.For<T>(), buffer);

    /// <inheritdoc cref="FlowExtensions.IntoChannelWriter{T}(IRuntime, PyObject, PyConverter{T}, int)"/>
    public static PythonQueueWriter<T> IntoChannelWriter<T>(this IRuntime runtime, PyObject queue, int buffer = 16) =>
        runtime.IntoChannelWriter(queue, PyConvert.For<T>(), buffer);

    /// <inheritdoc cref="FlowExtensions.ChannelIntoPy{T}(IRuntime, Channel{T}, PyConverter{T})"/>
    public static PyObject ChannelIntoPy<T>(this IRuntime runtime, Channel<T> channel) => runtime.ChannelIntoPy(channel, PyConvert.For<T>());

    /// <inheritdoc cref="FlowExtensions.ChannelReaderIntoPy{T}(IRuntime, ChannelReader{T}, PyConverter{T})"/>
    public static PyObject ChannelReaderIntoPy<T>(this IRuntime runtime, ChannelReader<T> reader) => runtime.ChannelReaderIntoPy(reader, PyConvert.For<T>());

    /// <inheritdoc cref="FlowExtensions.ChannelWriterIntoPy{T}(IRuntime, ChannelWriter{T}, PyConverter{T})"/>
    public static PyObject ChannelWriterIntoPy<T>(this IRuntime runtime, ChannelWriter<T> writer) => runtime.ChannelWriterIntoPy(writer, PyConvert.For<T>());

    /// <inheritdoc cref="FlowExtensions.IntoAsyncGenerator{TSend, T}(IRuntime, Func{PyObject}, PyConverter{TSend}, PyConverter{T})"/>
    public static PythonGenerator<TSend, T> IntoAsyncGenerator<TSend, T>(this IRuntime runtime, Func<PyObject> source) =>
        runtime.IntoAsyncGenerator(source, PyConvert.For<TSend>(), PyConvert.For<T>());
}
