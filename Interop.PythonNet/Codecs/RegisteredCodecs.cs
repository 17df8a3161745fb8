using PyAsync.Interop;
using Python.Runtime;

namespace PyAsync.Codecs;

/// <summary>The codecs of one initialisation of pythonnet, and the runtime that they use.</summary>
internal sealed class RegisteredCodecs : IDisposable
{
    private static readonly Lazy<IRuntime> s_ownRuntime = new(static () => new CodecBackend().CreateRuntime());

    private IRuntime? _runtime;

    private RegisteredCodecs(Connection connection)
    {
        Connection = connection;
        Objects = new DotNetObjects(this);
    }

    /// <summary>Gets the connection of the two libraries.</summary>
    public Connection Connection { get; }

    /// <summary>Gets the Python awaitables of .NET objects.</summary>
    public DotNetObjects Objects { get; }

    /// <summary>Gets a runtime without a loop, for programs that have none. It starts no thread, and nothing has to end it.</summary>
    public static IRuntime OwnRuntime => s_ownRuntime.Value;

    /// <summary>The runtime that the codecs use.</summary>
    public IRuntime Runtime => Volatile.Read(ref _runtime) ?? throw new InvalidOperationException("PyAsyncCodecs.Register has not been called.");

    /// <summary>Registers the codecs, once for each time that pythonnet is initialised.</summary>
    /// <param name="link">The link, with pythonnet initialised.</param>
    /// <param name="runtime">The runtime that the codecs use; null for one without a loop.</param>
    public static void Register(PythonNetLink link, IRuntime? runtime)
    {
        using AttachScope scope = PythonThread.Attach();
        Connection connection = link.Connection;
        if (connection.Codecs is not RegisteredCodecs codecs)
        {
            connection.Codecs = codecs = new RegisteredCodecs(connection);
            codecs.AddToPythonNet();
        }

        Volatile.Write(ref codecs._runtime, runtime ?? OwnRuntime);
    }

    public void Dispose() => Objects.Dispose();

    /// <summary>pythonnet takes the first one that fits, and forgets them all when it shuts down.</summary>
    private void AddToPythonNet()
    {
        PyObjectConversions.RegisterEncoder(new AwaitableEncoder(this));
        PyObjectConversions.RegisterEncoder(new ObjectEncoder(Connection));
        PyObjectConversions.RegisterDecoder(new ObjectDecoder(this));
        PyObjectConversions.RegisterDecoder(new AwaitableDecoder(this));
    }
}
