using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;

namespace PyAsync.Flows;

/// <summary>The functions of .NET streams that their Python transport calls (<c>transports.py</c>).</summary>
/// <param name="reader">The stream to read from; null for none.</param>
/// <param name="writer">The stream to write to; null for none; may be the same.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Python disposes the streams, by close and drop.")]
internal sealed class StreamFunctions(Stream? reader, Stream? writer)
{
    private const int BlockSize = 64 * 1024;

    // One block at a time: Python has converted it before the next one is read.
    private byte[]? _block;
    private Task? _closing;

    /// <summary>Opens Python's streams: a <c>StreamReader</c> and a <c>StreamWriter</c>, or None, in a tuple.</summary>
    public PyObject Open(IRuntime runtime)
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject open = FlowModules.Current["transports", "open_streams"];
        using PyObject loop = runtime.GetCurrentLoop().GetPythonLoop();
        using PyObject? read = reader is null ? null : runtime.FunctionIntoPy("read", _ => ReadAsync, PyConvert.ByteMemory);
        using PyObject? write = writer is null ? null : runtime.FunctionIntoPy(
            "write",
            arguments =>
            {
                ReadOnlyMemory<byte> data = arguments.Get(0, PyConvert.ByteMemory);
                return cancellationToken => WriteAsync(data, cancellationToken);
            },
            PyConvert.None);
        using PyObject? end = reader is null || writer is null || reader == writer ? null : runtime.FunctionIntoPy("end", _ => _ => EndWritingAsync(), PyConvert.None);
        using PyObject close = runtime.FunctionIntoPy("close", _ => _ => CloseAsync(), PyConvert.None);
        using PyObject drop = PyFunction.Create("drop", () => _ = Task.Run(CloseAsync).ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
        return open.Call([loop, read, write, end, close, drop, BlockSize]);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        _block ??= new byte[BlockSize];
        int count = await reader!.ReadAsync(_block, cancellationToken).ConfigureAwait(false);
        return _block.AsMemory(0, count);
    }

    private async Task<object?> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await writer!.WriteAsync(data, cancellationToken).ConfigureAwait(false);
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task<object?> EndWritingAsync()
    {
        await writer!.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    private async Task<object?> CloseAsync()
    {
        var closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _closing, closing.Task, null) is { } begun)
        {
            await begun.ConfigureAwait(false);
            return null;
        }

        try
        {
            if (writer is not null)
            {
                await writer.DisposeAsync().ConfigureAwait(false);
            }

            if (reader is not null && reader != writer)
            {
                await reader.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            closing.SetResult();
        }

        return null;
    }
}
