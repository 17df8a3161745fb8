using System.Threading.Channels;
using PyAsync.Interop;

namespace PyAsync.Flows;

/// <summary>The functions of a .NET channel that its Python object calls (<c>queues.py</c>).</summary>
internal static class ChannelFunctions
{
    /// <summary>Makes the Python functions of a reader: read, wait, count, and remove all items.</summary>
    public static PyObject[] OfReader<T>(IRuntime runtime, ChannelReader<T> reader, PyConverter<T> converter)
    {
        PyConverter<ValueTuple<T>> tuple = PyConvert.Tuple(converter);
        return
        [
            PyFunction.Create("read", _ => Read(reader, tuple)),
            runtime.FunctionIntoPy("wait_to_read", _ => cancellationToken => reader.WaitToReadAsync(cancellationToken).AsTask(), PyConvert.Boolean),
            PyFunction.Create("count", _ => PyConvert.Int32.ToPython(reader.CanCount ? reader.Count : throw new NotImplementedException("The channel does not count its items."))),
            PyFunction.Create("drain", () => Drain(reader)),
        ];
    }

    /// <summary>Makes the Python functions of a writer: write, wait, complete, and whether it is full.</summary>
    public static PyObject[] OfWriter<T>(IRuntime runtime, ChannelWriter<T> writer, PyConverter<T> converter) =>
    [
        PyFunction.Create("write", arguments => Write(writer, arguments.Get(0, converter))),
        runtime.FunctionIntoPy("wait_to_write", _ => cancellationToken => writer.WaitToWriteAsync(cancellationToken).AsTask(), PyConvert.Boolean),
        PyFunction.Create("complete", () => writer.TryComplete()),
        PyFunction.Create("is_full", _ => PyConvert.Boolean.ToPython(HasRoom(writer) is false)),
    ];

    private static void Drain<T>(ChannelReader<T> reader)
    {
        while (reader.TryRead(out _))
        {
        }
    }

    private static PyObject? Read<T>(ChannelReader<T> reader, PyConverter<ValueTuple<T>> tuple)
    {
        if (reader.TryRead(out T? item))
        {
            return tuple.ToPython(ValueTuple.Create(item));
        }

        if (!reader.Completion.IsCompleted)
        {
            return null;
        }

        reader.Completion.GetAwaiter().GetResult(); // Throws the exception that the channel was completed with.
        return PyConvert.Boolean.ToPython(false);
    }

    private static PyObject? Write<T>(ChannelWriter<T> writer, T item)
    {
        if (writer.TryWrite(item))
        {
            return PyConvert.Boolean.ToPython(true);
        }

        return HasRoom(writer) is null ? null : PyConvert.Boolean.ToPython(false);
    }

    /// <summary>True if a channel has room for an item, false if it has none; null if it is complete.</summary>
    private static bool? HasRoom<T>(ChannelWriter<T> writer)
    {
        // A channel does not show that; the wait does. One that is not used is cancelled.
        using var cts = new CancellationTokenSource();
        ValueTask<bool> wait = writer.WaitToWriteAsync(cts.Token);
        if (wait.IsCompleted)
        {
            return wait.Result ? true : null;
        }

        cts.Cancel();
        Observe(wait.AsTask());
        return false;
    }

    private static void Observe(Task wait) => wait.ContinueWith(
        static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
