using Python.Runtime;

namespace PyAsync;

/// <summary>The codecs of one time that pythonnet is initialised, and the runtime that they use.</summary>
internal sealed class Codecs(Connection connection)
{
    private static readonly Lazy<IRuntime> s_ownRuntime = new(static () => PyAsyncRuntime.Create(new CodecBackend()));

    private IRuntime? _runtime;

    /// <summary>A runtime without a loop of its own, for programs that have none. It starts no thread, and nothing has to end it.</summary>
    public static IRuntime OwnRuntime => s_ownRuntime.Value;

    public IRuntime Runtime
    {
        get => Volatile.Read(ref _runtime)!;
        set => Volatile.Write(ref _runtime, value);
    }

    /// <summary>pythonnet takes the first one that fits, and forgets them all when it shuts down.</summary>
    public void AddToPythonNet()
    {
        PyObjectConversions.RegisterEncoder(new AwaitableEncoder(connection));
        PyObjectConversions.RegisterEncoder(new ObjectEncoder(connection));
        PyObjectConversions.RegisterDecoder(new ObjectDecoder(connection));
        PyObjectConversions.RegisterDecoder(new AwaitableDecoder(connection));
    }
}
