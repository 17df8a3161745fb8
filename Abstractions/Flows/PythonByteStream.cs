using PyAsync.Interop;

namespace PyAsync.Flows;

/// <summary>The bytes of an asyncio <c>StreamReader</c>, a <c>StreamWriter</c>, or both, as a .NET stream. Nothing is read ahead, and each write waits for <c>drain()</c>.</summary>
internal sealed class PythonByteStream : Stream
{
    private readonly IRuntime _runtime;
    private readonly PyObject? _reader;
    private readonly PyObject? _writer;
    private int _isDisposed;

    public PythonByteStream(IRuntime runtime, PyObject? reader, PyObject? writer)
    {
        _runtime = runtime;
        _reader = reader?.Clone();
        _writer = writer?.Clone();
    }

    public override bool CanRead => _reader is not null && _isDisposed == 0;

    public override bool CanWrite => _writer is not null && _isDisposed == 0;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        PyObject reader = Open(_reader, "The stream has no reader.");
        if (buffer.IsEmpty)
        {
            return 0;
        }

        int wanted = buffer.Length;
        return await Call(() => reader.CallMethod("read", [wanted]), new BytesIntoMemoryConverter(buffer), cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        PyObject writer = Open(_writer, "The stream has no writer.");
        if (!buffer.IsEmpty)
        {
            await Call(() => CallFunction("write", [writer, PyArgument.Of(buffer, PyConvert.ByteMemory)]), PyConvert.None, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Does nothing: each write waits for <c>drain()</c>. Not cancelled: a <c>PipeWriter</c> of .NET loses what is written to it after a flush that was cancelled here.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await CloseAsync().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the writer without waiting for that.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ = CloseAsync().ContinueWith(
                static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        base.Dispose(disposing);
    }

    private async Task CloseAsync()
    {
        try
        {
            if (_writer is { } writer)
            {
                await _runtime.IntoFuture(() => CallFunction("close", [writer]), PyConvert.None).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsOfClosedLoop(e) || e is OperationCanceledException || IsOfConnection(e))
        {
            // The connection is gone, or its loop; what was not written has failed in WriteAsync.
        }
        finally
        {
            _reader?.Dispose();
            _writer?.Dispose();
        }
    }

    private static PyObject CallFunction(string name, CallArguments arguments)
    {
        using PyObject function = FlowModules.Current["transports", name];
        return function.Call(arguments);
    }

    private static bool IsOfClosedLoop(Exception e) => e is EventLoopClosedException or ObjectDisposedException or NoRunningLoopException;

    private static bool IsOfConnection(Exception e) => e is PythonException python && python.IsInstanceOf("OSError");

    private PyObject Open(PyObject? side, string missing)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return side ?? throw new NotSupportedException(missing);
    }

    /// <summary>Awaits a call on the loop. An <c>OSError</c> is an <see cref="IOException"/>, as from .NET's own streams.</summary>
    private async Task<T> Call<T>(Func<PyObject> call, PyConverter<T> converter, CancellationToken cancellationToken)
    {
        try
        {
            return await _runtime.IntoFuture(call, converter, cancellationToken).ConfigureAwait(false);
        }
        catch (PythonException e) when (IsOfConnection(e))
        {
            throw new IOException(e.Message, e);
        }
        catch (Exception e) when ((IsOfClosedLoop(e) && _isDisposed == 0) || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IOException("The event loop of the stream has ended.", e);
        }
    }
}
