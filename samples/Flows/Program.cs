using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;

namespace Flows;

/// <summary>Items flow between Python's queues and C#'s channels, and bytes between asyncio's streams and C#'s pipes, in both directions and with back-pressure.</summary>
internal static class Program
{
    [PyAsyncMain]
    internal static async Task MainAsync(IRuntime runtime, CancellationToken cancellationToken)
    {
        using PyObject text = await runtime.InvokeAsync(static () => PyObject.Import("text"), cancellationToken);
        Console.WriteLine($"squares of Python's queue: {await Squares(runtime, text, cancellationToken)}");
        Console.WriteLine($"shouted by Python: {await Shouted(runtime, text, cancellationToken)}");
        Console.WriteLine($"lengths from asyncio's server: {await Lengths(runtime, text, cancellationToken)}");
        Console.WriteLine($"lines that Python has read from C#'s pipe: {await Lines(runtime, text, cancellationToken)}");
    }

    /// <summary>Python's queues in C#: a channel's reader and a channel's writer.</summary>
    private static async Task<int> Squares(IRuntime runtime, PyObject text, CancellationToken cancellationToken)
    {
        using PyObject jobs = text.GetAttr("jobs"), results = text.GetAttr("results");
        Task producing = runtime.CallMethodAsync(text, "produce", [100], cancellationToken);
        Task<int> adding = runtime.CallMethodAsync<int>(text, "add_up", cancellationToken: cancellationToken);

        await using PythonQueueReader<int> reader = runtime.IntoChannelReader<int>(jobs);
        PythonQueueWriter<int> writer = runtime.IntoChannelWriter<int>(results);
        await foreach (int number in reader.ReadAllAsync(cancellationToken))
        {
            await writer.WriteAsync(number * number, cancellationToken);
        }

        writer.Complete();
        await producing;
        return await adding;
    }

    /// <summary>C#'s channels in Python: objects with the methods of an asyncio.Queue.</summary>
    private static async Task<string> Shouted(IRuntime runtime, PyObject text, CancellationToken cancellationToken)
    {
        Channel<string> words = Channel.CreateBounded<string>(1), shouted = Channel.CreateBounded<string>(1);
        using PyObject from = runtime.ChannelReaderIntoPy(words.Reader), to = runtime.ChannelWriterIntoPy(shouted.Writer);
        Task shouting = runtime.CallMethodAsync(text, "shout", [from, to], cancellationToken);
        Task writing = WriteAsync();
        List<string> heard = [];
        await foreach (string word in shouted.Reader.ReadAllAsync(cancellationToken))
        {
            heard.Add(word);
        }

        await Task.WhenAll(shouting, writing);
        return string.Join(' ', heard);

        async Task WriteAsync()
        {
            foreach (string word in (string[])["one", "two", "three"])
            {
                await words.Writer.WriteAsync(word, cancellationToken);
            }

            words.Writer.Complete();
        }
    }

    /// <summary>asyncio's streams in C#: the pipes of a connection.</summary>
    private static async Task<string> Lengths(IRuntime runtime, PyObject text, CancellationToken cancellationToken)
    {
        using PyObject connection = await runtime.CallMethodAsync(text, "connect", cancellationToken: cancellationToken);
        using PyObject reader = connection[0], writer = connection[1];
        PipeReader input = runtime.IntoPipeReader(reader);
        PipeWriter output = runtime.IntoPipeWriter(writer);
        using var answers = new StreamReader(input.AsStream());
        List<string> lengths = [];
        foreach (string line in (string[])["a", "line", "sixteen letters?"])
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), cancellationToken);
            lengths.Add(await answers.ReadLineAsync(cancellationToken) ?? "none");
        }

        await output.CompleteAsync();
        return string.Join(", ", lengths);
    }

    /// <summary>C#'s pipe in Python: a StreamReader.</summary>
    private static async Task<int> Lines(IRuntime runtime, PyObject text, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        using PyObject reader = runtime.PipeReaderIntoPy(pipe.Reader);
        Task<int> counting = runtime.CallMethodAsync<int>(text, "count_lines", [reader], cancellationToken);
        byte[] line = "a line of 20 letters\n"u8.ToArray();
        for (int i = 0; i < 50_000; i++)
        {
            await pipe.Writer.WriteAsync(line, cancellationToken); // Waits while Python is behind.
        }

        await pipe.Writer.CompleteAsync();
        return await counting;
    }
}
