using System.IO.Pipelines;
using PyAsync.Interop;

namespace PyAsync;

// Bytes.
public static partial class FlowExtensions
{
    // A read of a StreamReader is one crossing, whatever its size.
    private const int BlockSize = 64 * 1024;

    /// <summary>Reads and writes asyncio's streams as one .NET stream: those that <c>asyncio.open_connection</c> returns, for example.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="reader">An <c>asyncio.StreamReader</c>; null for a stream that only writes. Borrowed: it may be disposed right after the call.</param>
    /// <param name="writer">An <c>asyncio.StreamWriter</c>; null for a stream that only reads. Borrowed.</param>
    /// <returns>
    /// The stream, for use by any thread, without the GIL. A read calls <c>read(n)</c>, and nothing is read ahead. A write waits for <c>drain()</c>, so that Python's
    /// back-pressure holds up the writer. An <c>OSError</c> is an <see cref="IOException"/>, and so is the end of the loop. Disposing the stream closes the writer;
    /// <c>DisposeAsync</c> waits for that.
    /// </returns>
    /// <exception cref="ArgumentException">Both are null.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public static Stream IntoStream(this IRuntime runtime, PyObject? reader, PyObject? writer)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        return reader is null && writer is null
            ? throw new ArgumentException("A reader, a writer or both are needed.", nameof(reader))
            : new PythonByteStream(runtime.In(runtime.CaptureContext()), reader, writer);
    }

    /// <summary>Reads an asyncio <c>StreamReader</c> as a pipe.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="reader">An <c>asyncio.StreamReader</c>. Borrowed: it may be disposed right after the call.</param>
    /// <returns>The pipe's reader, which asks for bytes when it is read. Completing it stops the reading.</returns>
    /// <inheritdoc cref="IntoStream" path="/exception[not(@cref='T:System.ArgumentException')]"/>
    public static PipeReader IntoPipeReader(this IRuntime runtime, PyObject reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return PipeReader.Create(runtime.IntoStream(reader, null), new StreamPipeReaderOptions(bufferSize: BlockSize, minimumReadSize: BlockSize / 4));
    }

    /// <summary>Writes into an asyncio <c>StreamWriter</c> as into a pipe.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="writer">An <c>asyncio.StreamWriter</c>. Borrowed: it may be disposed right after the call.</param>
    /// <returns>The pipe's writer. A flush waits for <c>drain()</c>; completing the writer (<c>CompleteAsync</c>) closes the <c>StreamWriter</c>.</returns>
    /// <inheritdoc cref="IntoStream" path="/exception[not(@cref='T:System.ArgumentException')]"/>
    public static PipeWriter IntoPipeWriter(this IRuntime runtime, PyObject writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return PipeWriter.Create(runtime.IntoStream(null, writer));
    }

    /// <summary>Makes an <c>asyncio.StreamReader</c> and an <c>asyncio.StreamWriter</c> of a .NET stream.</summary>
    /// <param name="runtime">The runtime, whose backend reads and writes.</param>
    /// <param name="stream">
    /// The stream. It is disposed when Python closes the writer, or drops the reader of a stream that cannot write. A stream in both directions must allow
    /// one read and one write at the same time.
    /// </param>
    /// <returns>
    /// A tuple of the two, as from <c>asyncio.open_connection</c>; None in the place of one that the stream does not allow. The <c>StreamReader</c> is at most 192 KiB
    /// ahead of its reader; <c>drain()</c> waits while more than 64 KiB are not written. Belongs to the caller.
    /// </returns>
    /// <exception cref="ArgumentException">The stream can neither be read nor written; it may be disposed.</exception>
    /// <exception cref="NoRunningLoopException">There is no loop to use.</exception>
    /// <exception cref="EventLoopClosedException">The loop is closed.</exception>
    public static PyObject StreamIntoPy(this IRuntime runtime, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanRead || stream.CanWrite
            ? new StreamFunctions(stream.CanRead ? stream : null, stream.CanWrite ? stream : null).Open(runtime)
            : throw new ArgumentException("The stream can neither be read nor written.", nameof(stream));
    }

    /// <summary>Makes an <c>asyncio.StreamReader</c> and an <c>asyncio.StreamWriter</c> of a pipe in both directions.</summary>
    /// <param name="runtime">The runtime, whose backend reads and writes.</param>
    /// <param name="pipe">The pipe. Both sides are completed when Python closes the writer; <c>write_eof()</c> completes the output alone, so that Python can read the answer.</param>
    /// <inheritdoc cref="StreamIntoPy" path="/returns|/exception[not(@cref='T:System.ArgumentException')]"/>
    public static PyObject DuplexPipeIntoPy(this IRuntime runtime, IDuplexPipe pipe)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(pipe);
        return new StreamFunctions(pipe.Input.AsStream(), pipe.Output.AsStream()).Open(runtime);
    }

    /// <summary>Makes an <c>asyncio.StreamReader</c> of a pipe's reader.</summary>
    /// <param name="runtime">The runtime, whose backend reads.</param>
    /// <param name="reader">The pipe's reader. It is completed at its end, and when Python drops the <c>StreamReader</c>.</param>
    /// <returns>The <c>StreamReader</c>, at most 192 KiB ahead of its reader. Belongs to the caller.</returns>
    /// <inheritdoc cref="StreamIntoPy" path="/exception[not(@cref='T:System.ArgumentException')]"/>
    public static PyObject PipeReaderIntoPy(this IRuntime runtime, PipeReader reader)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(reader);
        using PyObject streams = new StreamFunctions(reader.AsStream(), null).Open(runtime);
        return streams[0];
    }

    /// <summary>Makes an <c>asyncio.StreamWriter</c> of a pipe's writer.</summary>
    /// <param name="runtime">The runtime, whose backend writes.</param>
    /// <param name="writer">The pipe's writer. It is completed when Python closes the <c>StreamWriter</c>.</param>
    /// <returns>The <c>StreamWriter</c>; <c>drain()</c> waits while more than 64 KiB are not written. Belongs to the caller.</returns>
    /// <inheritdoc cref="StreamIntoPy" path="/exception[not(@cref='T:System.ArgumentException')]"/>
    public static PyObject PipeWriterIntoPy(this IRuntime runtime, PipeWriter writer)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(writer);
        using PyObject streams = new StreamFunctions(null, writer.AsStream()).Open(runtime);
        return streams[1];
    }
}
