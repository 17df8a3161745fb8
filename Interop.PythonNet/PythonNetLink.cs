using PyAsync.Interop;
using Python.Runtime;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>
/// What holds the two libraries together in one interpreter, from the first thing that crosses until pythonnet is shut down; then anew after
/// pythonnet has been initialised again.
/// </summary>
internal sealed class PythonNetLink
{
    private Connection? _connection;
    private NotSupportedException? _unsupported;

    /// <summary>The link of the interpreter that runs. Joins it if pythonnet has started it.</summary>
    /// <exception cref="InvalidOperationException">Nothing has started Python yet.</exception>
    public static PythonNetLink Current
    {
        get
        {
            if (!PythonInterpreter.IsRunning)
            {
                if (!PythonEngine.IsInitialized)
                {
                    throw new InvalidOperationException(
                        "Python is not running yet. Call PythonEngine.Initialize(), or start a runtime (a host, IRuntime.StartAsync, RunUntilComplete), before objects are converted or PyAsyncCodecs.Register is called.");
                }

                PythonInterpreter.Start();
            }

            return PythonInterpreter.Current.Attachment<PythonNetLink>();
        }
    }

    /// <summary>What the two share while pythonnet is initialised.</summary>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    public Connection Connection => _connection ?? Connect();

    /// <summary>The link, after pythonnet has been initialised if it was not.</summary>
    public static PythonNetLink Start()
    {
        PythonNetLink link = Current;
        link.Join();
        return link;
    }

    /// <summary>Registers the codecs, once for each time that pythonnet is initialised.</summary>
    /// <param name="runtime">The runtime that they are to use; null for one without a loop of its own.</param>
    public void Register(IRuntime? runtime)
    {
        using AttachScope scope = PythonThread.Attach();
        Connection.Register(runtime);
    }

    private void Join()
    {
        if (_unsupported is not null)
        {
            throw new NotSupportedException(_unsupported.Message, _unsupported);
        }

        if (PythonEngine.IsInitialized)
        {
            return;
        }

        try
        {
            PythonNetEngine.Join(PythonInterpreter.Current);
        }
        catch (NotSupportedException e)
        {
            _unsupported = e;
            throw;
        }
    }

    private Connection Connect()
    {
        if (!PythonEngine.IsInitialized)
        {
            throw new InvalidOperationException(
                "pythonnet is not initialised, or has been shut down. Call PythonEngine.Initialize(), or PyAsyncCodecs.Register(runtime), which does it.");
        }

        using AttachScope scope = PythonThread.Attach();
        Connection created = Connection.Open();
        if (Interlocked.CompareExchange(ref _connection, created, null) is { } other)
        {
            // The GIL may change hands while the connection is made.
            created.Dispose();
            return other;
        }

        PythonInterpreter.Current.Neighbour = created;
        PythonNetEngine.OnShutdown(Disconnect);
        return created;
    }

    /// <summary>pythonnet shuts down: its objects must not be used any more. On the thread that does it, with the GIL held.</summary>
    private void Disconnect()
    {
        PythonInterpreter.Current.Neighbour = null;
        Interlocked.Exchange(ref _connection, null)?.Dispose();
    }
}
