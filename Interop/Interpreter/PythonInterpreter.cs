using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>
/// The process's one CPython interpreter. It is started once, shared by all runtimes, and finalised once, when the process ends. Several extension
/// modules (uvloop, numpy) do not survive a second start, so there is none.
/// </summary>
public sealed partial class PythonInterpreter
{
    private static PythonInterpreter? s_current;

    // Kept, because CPython cannot be started again after a start that failed.
    private static Exception? s_failure;

    private readonly InterpreterThread? _thread;
    private readonly string? _named;
    private readonly InterpreterState _state;
    private nint _mainThreadState;
    private bool _hasThreading;

    private PythonInterpreter(PythonInstallation installation, InterpreterThread? thread, string? named = null)
    {
        Installation = installation;
        _named = named;
        _thread = thread;
        _state = InterpreterState.Begin();
        MessageHint.Current = new ModuleNotFoundHint();
        ErrorTranslator.Current = new ExceptionTranslator();
        WellKnownObjects.Begin();
        WellKnownNames.Begin();
    }

    /// <summary>Gets the running interpreter.</summary>
    /// <exception cref="InvalidOperationException">No interpreter has been started.</exception>
    /// <exception cref="ObjectDisposedException">It has ended; a process cannot start a second one.</exception>
    public static PythonInterpreter Current => s_current ?? ThrowNotStarted();

    /// <summary>True if an interpreter runs in this process and has not ended.</summary>
    public static bool IsRunning => InterpreterState.IsRunning;

    /// <summary>Gets the location and the version of the running Python.</summary>
    public PythonInstallation Installation { get; }

    /// <summary>True if this library started the interpreter; false inside <c>python3</c> or beside another bridge.</summary>
    public bool IsOwned => _thread is not null;

    /// <summary>Raised once, on the thread that ends the process, before the interpreter ends: runtimes end then.</summary>
    internal event Action? Ending;

    /// <summary>
    /// Starts Python in this process, or returns the interpreter that is running. May be called from any thread; the GIL is free afterwards.
    /// </summary>
    /// <remarks>
    /// C# code cannot run in a child of <c>os.fork()</c>. The first runtime installs a guard, by which the child raises an error instead of a hang. A program
    /// that uses the interpreter without a runtime must not fork: it starts other processes with <c>subprocess</c>, or <c>multiprocessing</c> with the start method <c>spawn</c>.
    /// </remarks>
    /// <param name="options">The options; null for the defaults. Module paths are added to a running interpreter too.</param>
    /// <exception cref="PythonNotFoundException">No usable Python; the message lists what was tried.</exception>
    /// <exception cref="ObjectDisposedException">The interpreter has ended with the process.</exception>
    /// <exception cref="InvalidOperationException">Another Python than the requested one is running.</exception>
    public static PythonInterpreter Start(PythonInterpreterOptions? options = null)
    {
        options ??= new PythonInterpreterOptions();
        StartLock.Enter();
        try
        {
            ThrowIfFailed();
            if (s_current is null)
            {
                nint program = 0;
                s_current = CPython.IsBound || LibraryLoader.TryFindInProcess(out program) ? Join(program, importThreading: true)
                    : Features.StartsPython ? StartOwned(options)
                    : throw new PythonNotFoundException("This library is a Python module: import it into a Python. It cannot start one.");
            }
            else
            {
                s_current.ThrowIfUnlike(options);
            }
        }
        finally
        {
            StartLock.Exit();
        }

        FrameLocals.AreKept |= options.KeepTracebackLocals;
        s_current.AddModulePaths(options.ModulePaths);
        return s_current;
    }

    /// <summary>Gets the object that an upper layer keeps for this interpreter: one object of each type, created at first use.</summary>
    internal T Attachment<T>()
        where T : class, new() => _state.Attachment<T>();

    [DoesNotReturn]
    private static PythonInterpreter ThrowNotStarted()
    {
        _ = InterpreterState.Current; // Throws.
        throw new InvalidOperationException("Python is being started by another thread.");
    }

    /// <summary>Prepares everything that later calls rely on. On the initialising thread, which holds the GIL.</summary>
    private static void Prepare(bool isOwned)
    {
        PyAsyncModule.Register();
        FaultHandlers.Install(isOwned);
        if (isOwned && !OperatingSystem.IsWindows())
        {
            PySource.Run(PySource.Embedded(typeof(PythonInterpreter).Assembly, "standard_streams.py"), "pyasync.standard_streams").Dispose();
        }
    }

    /// <summary>
    /// Imports <c>threading</c>. uvloop's loops run on any thread, but only if <c>threading</c> knows the right main thread, and it takes the thread
    /// that imports it first.
    /// </summary>
    internal void ImportThreading()
    {
        if (!_hasThreading)
        {
            using NewReference threading = ImportOrThrow("threading");
            using NewReference main = threading.Borrow().CallMethod(WellKnownNames.Current["main_thread"]).OrThrow();
            using NewReference identity = main.Borrow().GetAttr(WellKnownNames.Current["ident"]).OrThrow();
            _state.MainThread = (nuint)PyConvert.UInt64.FromReference(identity.Borrow());
            _hasThreading = true;
        }
    }

    private static NewReference ImportOrThrow(string module)
    {
        using NewReference name = PyText.FromString(module);
        return CPython.PyImport_Import(name.Borrow()).OrThrow();
    }

    private void ThrowIfUnlike(PythonInterpreterOptions options)
    {
        ObjectDisposedException.ThrowIf(_state.HasEnded, this);
        if (!Features.StartsPython || options.Python is not { } wanted || wanted == _named || !IsOwned)
        {
            return;
        }

        PythonInstallation found = new PythonLocator().Locate(wanted);
        if (Path.GetFullPath(found.LibraryPath) != Path.GetFullPath(Installation.LibraryPath)
            || found.Executable != Installation.Executable)
        {
            throw new InvalidOperationException(
                $"This process runs {Describe(Installation)} already and cannot also run {Describe(found)}: there is one interpreter per process. Give all runtimes the same Python option.");
        }

        static string Describe(PythonInstallation i) => $"Python {i.Version} ({i.Executable ?? i.LibraryPath})";
    }

    private void AddModulePaths(IList<string> paths)
    {
        using AttachScope scope = PythonThread.Attach();
        for (int i = paths.Count - 1; i >= 0; i--)
        {
            SystemPath.Prepend(Path.GetFullPath(paths[i], AppContext.BaseDirectory));
        }

        if (IsOwned)
        {
            SystemPath.Prepend(AppContext.BaseDirectory);
        }
    }
}
