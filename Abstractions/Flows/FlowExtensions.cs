using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>
/// Flows of items and bytes between Python and .NET: queues and channels, asyncio's streams and those of .NET, and generators that take values. These
/// forms work under trimming and NativeAOT; those of <see cref="FlowReflectionExtensions"/> find a converter by reflection.
/// </summary>
/// <remarks>
/// Callable from any thread; takes the GIL if the thread does not hold it. A flow stays on the loop that a call would use where it was made
/// (<see cref="IRuntime.CaptureContext"/>).
/// </remarks>
public static partial class FlowExtensions
{
    /// <summary>Reads a Python queue as a channel.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="queue">An <c>asyncio.Queue</c>, or one of its subclasses. Borrowed: it may be disposed right after the call.</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <param name="buffer">The maximum number of items that are taken from the queue before they are read. At least 1: then each read takes one item.</param>
    /// <returns>
    /// The reader. It ends when the queue was shut down and is empty (<c>Queue.shutdown()</c>, from Python 3.13 on, or that of <c>pyasync.Queue</c> on any
    /// version), or at an item that is the class <c>pyasync.QueueShutDown</c>. Dispose it to stop before that: the items that were not read return to the queue.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is less than 1.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public static PythonQueueReader<T> IntoChannelReader<T>(this IRuntime runtime, PyObject queue, PyConverter<T> converter, int buffer = 16)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        return new PythonQueueReader<T>(runtime.In(runtime.CaptureContext()), queue, converter, buffer);
    }

    /// <summary>Writes into a Python queue as into a channel.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="queue">An <c>asyncio.Queue</c>, or one of its subclasses. Borrowed: it may be disposed right after the call.</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <param name="buffer">The maximum number of items that are on their way to the queue. At least 1.</param>
    /// <returns>The writer. Completing it shuts down the queue (see <see cref="PythonQueueWriter{T}"/> for Python 3.11 and 3.12).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="buffer"/> is less than 1.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public static PythonQueueWriter<T> IntoChannelWriter<T>(this IRuntime runtime, PyObject queue, PyConverter<T> converter, int buffer = 16)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        return new PythonQueueWriter<T>(runtime.In(runtime.CaptureContext()), queue, converter, buffer);
    }

    /// <summary>
    /// Makes a Python object of a channel, with the methods of an <c>asyncio.Queue</c>: <c>get</c>, <c>get_nowait</c>, <c>qsize</c>, <c>empty</c>, <c>task_done</c>, <c>join</c>,
    /// <c>put</c>, <c>put_nowait</c>, <c>full</c>, <c>shutdown</c>, and <c>async for</c>. <c>join</c> waits for the items that Python code reads.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <returns>
    /// The object, for any loop. A complete channel raises <c>pyasync.QueueShutDown</c>, which is asyncio's from Python 3.13 on, or the exception that it
    /// was completed with. No item is lost when Python cancels <c>get()</c> or <c>put()</c>. Belongs to the caller.
    /// </returns>
    public static PyObject ChannelIntoPy<T>(this IRuntime runtime, Channel<T> channel, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        PyObject[] reader = ChannelFunctions.OfReader(runtime, channel.Reader, converter);
        PyObject[] writer = ChannelFunctions.OfWriter(runtime, channel.Writer, converter);
        return Make("Channel", [.. reader, .. writer], [PyArgument.Of(reader, s_objects), PyArgument.Of(writer, s_objects)]);
    }

    /// <summary>
    /// Makes a Python object of a channel's reader, with those methods of an <c>asyncio.Queue</c> that read: <c>get</c>, <c>get_nowait</c>, <c>qsize</c>,
    /// <c>empty</c>, <c>task_done</c>, <c>join</c>, and <c>async for</c>.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <inheritdoc cref="ChannelIntoPy{T}" path="/returns"/>
    public static PyObject ChannelReaderIntoPy<T>(this IRuntime runtime, ChannelReader<T> reader, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        PyObject[] functions = ChannelFunctions.OfReader(runtime, reader, converter);
        return Make("ChannelReader", functions, [.. functions]);
    }

    /// <summary>
    /// Makes a Python object of a channel's writer, with those methods of an <c>asyncio.Queue</c> that write: <c>put</c>, <c>put_nowait</c>, <c>full</c> and
    /// <c>shutdown</c>, which completes the channel.
    /// </summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="writer">The writer.</param>
    /// <param name="converter">Converts each item, on the loop's thread.</param>
    /// <inheritdoc cref="ChannelIntoPy{T}" path="/returns"/>
    public static PyObject ChannelWriterIntoPy<T>(this IRuntime runtime, ChannelWriter<T> writer, PyConverter<T> converter)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(converter);
        using AttachScope scope = PythonThread.Attach();
        PyObject[] functions = ChannelFunctions.OfWriter(runtime, writer, converter);
        return Make("ChannelWriter", functions, [.. functions]);
    }

    private static readonly PyConverter<PyObject[]> s_objects = PyConvert.Array(PyConvert.PyObject);

    private static PyObject Make(string name, PyObject[] functions, CallArguments arguments)
    {
        try
        {
            using PyObject type = FlowModules.Current["queues", name];
            return type.Call(arguments);
        }
        finally
        {
            foreach (PyObject function in functions)
            {
                function.Dispose();
            }
        }
    }
}
