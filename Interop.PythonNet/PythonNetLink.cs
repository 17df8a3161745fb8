using PyAsync.Interop;
using Python.Runtime;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync;

/// <summary>
/// Connects the two libraries in one interpreter, from the first conversion until pythonnet is shut down, and again after pythonnet has been initialised again.
/// </summary>
internal sealed class PythonNetLink
{
    private Connection? _connection;
    private NotSupportedException? _unsupported;

    /// <summary>Gets the link of the running interpreter. Joins the interpreter if pythonnet has started it.</summary>
    /// <exception cref="InvalidOperationException">Python is not running.</exception>
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
                ForkGuard.Install();
            }

            return InterpreterState.Current.Attachment<PythonNetLink>();
        }
    }

    /// <summary>Gets the objects that the two share while pythonnet is initialised.</summary>
    /// <exception cref="InvalidOperationException">pythonnet is not initialised.</exception>
    public Connection Connection => _connection ?? Connect();

    /// <summary>Gets the link, after pythonnet has been initialised if it was not.</summary>
    public static PythonNetLink Start()
    {
        PythonNetLink link = Current;
        link.Join();
        return link;
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
            // Another thread may take the GIL while the connection is created.
            created.Dispose();
            return other;
        }

        NeighbourLibrary.Current = created;
        PythonNetEngine.OnShutdown(Disconnect);
        return created;
    }

    /// <summary>Called when pythonnet shuts down: its objects must not be used any more. On the thread that shuts it down, with the GIL held.</summary>
    private void Disconnect()
    {
        NeighbourLibrary.Current = null;
        Interlocked.Exchange(ref _connection, null)?.Dispose();
    }
}
