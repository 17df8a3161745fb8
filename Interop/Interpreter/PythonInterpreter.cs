using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Interop;

/// <summary>
/// The process's one CPython interpreter. It is started once, shared by all runtimes, and finalised once, when the
/// process ends; several extension modules (uvloop, numpy) do not survive a second start, so there is none.
/// </summary>
public sealed partial class PythonInterpreter
{
    // The only static: with one that has to be initialised every look at this one would ask whether it has been.
    private static PythonInterpreter? s_current;

    private readonly InterpreterThread? _thread;
    private readonly string? _named;
    private readonly Lazy<PythonTypes> _types;
    private ThreadStateLayout? _threadState;
    private readonly Lock _attachmentsLock = new();
    private object?[] _attachments = [];
    private FutureMemory _futureMemory;
    private volatile bool _ended;
    private nint _mainThreadState;
    private bool _hasThreading;

    private PythonInterpreter(PythonInstallation installation, InterpreterThread? thread, string? named = null)
    {
        Installation = installation;
        _named = named;
        _thread = thread;
        Objects = new WellKnownObjects();
        Names = new WellKnownNames();
        _types = new Lazy<PythonTypes>(static () => new PythonTypes());
    }

    /// <summary>The running interpreter.</summary>
    /// <exception cref="InvalidOperationException">None has been started.</exception>
    /// <exception cref="ObjectDisposedException">It has ended; a process gets no second one.</exception>
    public static PythonInterpreter Current => s_current ?? ThrowNotStarted();

    /// <summary>Whether an interpreter runs in this process and has not ended.</summary>
    public static bool IsRunning => s_current is { _ended: false };

    /// <summary>Where the running Python was found, and its version.</summary>
    public PythonInstallation Installation { get; }

    /// <summary>Whether this library started the interpreter; false inside <c>python3</c> or beside another bridge.</summary>
    public bool IsOwned => _thread is not null;

    internal AttachGate Gate { get; } = new();

    internal DeferredReleaseQueue Releases { get; } = new();

    internal WellKnownObjects Objects { get; }

    internal WellKnownNames Names { get; }

    /// <summary>What Python has as the identity of its main thread; 0 as long as <c>threading</c> is not imported.</summary>
    internal nuint MainThread { get; private set; }

    /// <summary>The memory of futures that are gone.</summary>
    internal ref FutureMemory FutureMemory => ref _futureMemory;

    /// <summary>The contexts of callbacks that are added to them.</summary>
    internal SharedContexts SharedContexts { get; } = new();

    /// <summary>What stands behind the futures that are pending.</summary>
    internal NumberedItems<FutureSource> FutureSources { get; } = new();

    /// <summary>Null until some request had an ExecutionContext to carry: then every entry from Python looks for one.</summary>
    internal ExecutionContextCarrier? ExecutionContexts { get; private set; }

    /// <summary>The Python types made in C#.</summary>
    internal PythonTypes Types => _types.Value;

    /// <summary>Where the running thread keeps what calls of Python's ask for. The first to ask holds the GIL.</summary>
    internal ThreadStateLayout ThreadState => _threadState ??= ThreadStateLayout.Learn();

    internal BorrowedReference None => Objects.None;

    /// <summary>Raised once, on the thread that ends the process, before the interpreter ends: runtimes end then.</summary>
    internal event Action? Ending;

    /// <summary>Another library in the process that makes .NET and Python meet; null if there is none, or none that is known.</summary>
    internal NeighbourLibrary? Neighbour { get; set; }

    /// <summary>
    /// Starts Python in this process, or returns the interpreter that runs already. May be called from any thread; the
    /// GIL is free afterwards.
    /// </summary>
    /// <param name="options">How; null for the defaults. Module paths are added also to an interpreter that runs already.</param>
    /// <exception cref="PythonNotFoundException">No usable Python; the message lists what was tried.</exception>
    /// <exception cref="ObjectDisposedException">The interpreter has ended with the process.</exception>
    /// <exception cref="InvalidOperationException">Another Python than the one asked for runs already.</exception>
    public static PythonInterpreter Start(PythonInterpreterOptions? options = null)
    {
        options ??= new PythonInterpreterOptions();
        StartLock.Enter();
        try
        {
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

        s_current.AddModulePaths(options.ModulePaths);
        return s_current;
    }

    /// <summary>What an upper layer caches of this interpreter: one object of a type, made at first use.</summary>
    internal T Attachment<T>()
        where T : class, new()
    {
        object?[] attachments = Volatile.Read(ref _attachments);
        int index = AttachmentSlot<T>.Index;
        return index < attachments.Length && attachments[index] is { } found ? System.Runtime.CompilerServices.Unsafe.As<T>(found) : Attach<T>(index);
    }

    private T Attach<T>(int index)
        where T : class, new()
    {
        // Outside the lock, since it may need the GIL, whose holder may want the lock; the first one counts.
        var created = new T();
        lock (_attachmentsLock)
        {
            object?[] attachments = _attachments;
            if (index < attachments.Length && attachments[index] is { } found)
            {
                return (T)found;
            }

            object?[] grown = new object?[Math.Max(index + 1, attachments.Length)];
            attachments.CopyTo(grown, 0);
            grown[index] = created;
            Volatile.Write(ref _attachments, grown);
            return created;
        }
    }

    /// <summary>Puts an ExecutionContext into the thread's current Python context, for the C# code that it leads back to.</summary>
    internal void Carry(ExecutionContext? context) => (ExecutionContexts ??= new ExecutionContextCarrier()).Write(context);

    /// <summary>Drops a reference now if this thread holds the GIL, else as soon as some thread does.</summary>
    internal static void Release(nint pointer)
    {
        if (PythonThread.IsAttached)
        {
            new NewReference(pointer).Dispose();
        }
        else
        {
            Defer(pointer);
        }
    }

    /// <summary>Drops a reference later, never on this thread now: for finalisers. After the end there is nothing to drop.</summary>
    internal static void Defer(nint pointer)
    {
        if (s_current is { _ended: false } current)
        {
            current.Releases.Enqueue(pointer);
        }
    }

    [DoesNotReturn]
    private static PythonInterpreter ThrowNotStarted() => throw new InvalidOperationException(
        "Python is not running yet. Start a runtime first (AddPyAsync and a host, IRuntime.StartAsync, IRuntime.RunUntilComplete, PyAsyncApp.Run), or call PythonInterpreter.Start.");

    private static PythonInterpreter StartOwned(PythonInterpreterOptions options)
    {
        PythonInstallation installation = new PythonLocator().Locate(options.Python);
        CPython.Bind(LibraryLoader.Load(installation.LibraryPath));
        if (CPython.Py_IsInitialized() != 0)
        {
            // Another library has started it, with symbols that are not to be found through the program: always so on Windows.
            return Join(program: 0, importThreading: true);
        }

        ThrowIfUnusable(installation);
        InterpreterThread thread = options.UseCallingThread
            ? InterpreterThread.OfCaller()
            : InterpreterThread.StartNew();

        PythonInterpreter? interpreter = null;
        thread.Invoke(() =>
        {
            InterpreterInitializer.Initialize(installation);
            interpreter = new PythonInterpreter(installation, thread, options.Python);
            s_current = interpreter;
            interpreter.ImportThreading();
            Prepare();
            interpreter._mainThreadState = CPython.PyEval_SaveThread();
        });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => interpreter!.End();
        return interpreter!;
    }

    /// <summary>What every later call may count on. On the initialising thread, which holds the GIL.</summary>
    private static void Prepare()
    {
        PyAsyncModule.Register();
        ForkGuard.Install();
    }

    /// <summary>
    /// uvloop's loops run on any thread, but only if <c>threading</c>'s idea of the main thread is the right one, and <c>threading</c> takes
    /// the thread that imports it first.
    /// </summary>
    internal void ImportThreading()
    {
        if (!_hasThreading)
        {
            using NewReference threading = ImportOrThrow("threading");
            using NewReference main = threading.Borrow().CallMethod(Names["main_thread"]).OrThrow();
            using NewReference identity = main.Borrow().GetAttr(Names["ident"]).OrThrow();
            MainThread = (nuint)PyConvert.UInt64.FromReference(identity.Borrow());
            _hasThreading = true;
        }
    }

    private static NewReference ImportOrThrow(string module)
    {
        using NewReference name = PyText.FromString(module);
        return CPython.PyImport_Import(name.Borrow()).OrThrow();
    }

    private static unsafe void ThrowIfUnusable(PythonInstallation installation)
    {
        string loaded = System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)CPython.Py_GetVersion())!;
        if (loaded.Contains("free-threading", StringComparison.Ordinal))
        {
            throw new PythonNotFoundException(
                $"{installation.LibraryPath} is a free-threaded build ({loaded}), whose objects have another layout. Use the ordinary build of Python {installation.Version}.");
        }

        if (CPython.Minor < PythonLocator.OldestSupported.Minor)
        {
            throw new PythonNotFoundException(
                $"{installation.LibraryPath} is Python {loaded}: too old, {PythonLocator.OldestSupported} or newer is needed. {InstallHint.ForPython()} installs one.");
        }

        if (CPython.Minor != installation.Version.Minor)
        {
            throw new PythonNotFoundException(
                $"{installation.LibraryPath} says it is Python {loaded}, but {installation.Source} led to Python {installation.Version}. Name the library or the interpreter that is meant with {PythonLocator.EnvironmentVariable}.");
        }
    }

    private void ThrowIfUnlike(PythonInterpreterOptions options)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
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
        foreach (string path in paths.Reverse().Append(IsOwned ? AppContext.BaseDirectory : null).OfType<string>())
        {
            SystemPath.Prepend(Path.GetFullPath(path, AppContext.BaseDirectory));
        }
    }
}
