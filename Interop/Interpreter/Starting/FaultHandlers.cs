using System.Runtime.InteropServices;

namespace PyAsync.Interpreter.Starting;

/// <summary>
/// Keeps .NET's handlers of hardware faults above those of Python's <c>faulthandler</c>. .NET makes exceptions of these signals
/// (NullReferenceException, DivideByZeroException); Python's handlers end the process. See fault_handlers.py.
/// </summary>
/// <remarks>No C# code runs in a signal handler: the handlers are saved before each call of <c>faulthandler</c>, and restored after it.</remarks>
internal static unsafe partial class FaultHandlers
{
    /// <summary>The function in fault_handlers.py by which copies of this library in one process find each other.</summary>
    private const string Join = "_pyasync";

    // stack_t is 24 bytes on Linux and macOS, and the flags are an int: at 8 on Linux, at 16 on macOS.
    private const int StackSize = 64;

    // SIGILL, SIGFPE, SIGSEGV, SIGBUS
    private static readonly int[] s_signals = [4, 8, 11, OperatingSystem.IsMacOS() ? 10 : 7];

    // More than one while a call is interrupted by a Python signal handler that calls faulthandler too. The lock in fault_handlers.py guards it.
    private static readonly Stack<Saved> s_saved = new();

    /// <summary>Runs an action that may replace the handlers, then restores them.</summary>
    public static void Keep(Action action)
    {
        Saved? saved = Saved.Now();
        try
        {
            action();
        }
        finally
        {
            saved?.Restore();
        }
    }

    /// <summary>Wraps <c>faulthandler</c>'s functions, unless another copy of this library has. Needs the GIL.</summary>
    /// <param name="isOwned">True if .NET has started Python: then <c>faulthandler</c> was not enabled before .NET started.</param>
    public static void Install(bool isOwned)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // On Windows .NET's handler is called first, and Python's lets the program continue.
        }

        WellKnownNames names = WellKnownNames.Current;
        using PyObject faulthandler = PyObject.Import("faulthandler");
        if (faulthandler.HasAttr(Join))
        {
            faulthandler.CallMethod(Join, [1]).Dispose();
            return;
        }

        using PyObject isEnabled = faulthandler.CallMethod("is_enabled");
        bool wasEnabled = !isOwned && PyConvert.Boolean.FromReference(isEnabled.Reference);
        if (wasEnabled && IsOnTop())
        {
            // It was enabled after .NET started, and before this library could know.
            faulthandler.CallMethod("disable").Dispose();
            Keep(() => faulthandler.CallMethod("enable", [2]).Dispose());
            wasEnabled = false;
        }

        using NewReference module = PySource.Run(PySource.Embedded(typeof(FaultHandlers).Assembly, "fault_handlers.py"), "pyasync.fault_handlers");
        using PyObject save = PyFunction.Create("pyasync_save", Save), restore = PyFunction.Create("pyasync_restore", Restore), restoreOnce = PyFunction.Create("pyasync_restore_once", RestoreOnce);
        using NewReference flag = PyConvert.Boolean.ToReference(wasEnabled);
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(module.Borrow(), names["save"].Reference, save.Reference));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(module.Borrow(), names["restore"].Reference, restore.Reference));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(module.Borrow(), names["restore_once"].Reference, restoreOnce.Reference));
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(module.Borrow(), names["was_enabled"].Reference, flag.Borrow()));
        using PyObject wrappers = module.Borrow().CallMethod(names["wrappers"]).ToPyObject();

        // All in one call of C: Ctrl-C may interrupt Python code only, and the next import of the module would wrap what is wrapped already.
        using PyObject attributes = faulthandler.GetAttr("__dict__");
        attributes.CallMethod("update", [wrappers]).Dispose();
    }

    /// <summary>Keeps .NET's handlers when Python ends; finalisation would replace them if <c>faulthandler</c> was enabled before .NET started. Needs the GIL.</summary>
    public static void End()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // .NET's handler passes a fault that is not its own to faulthandler's, which is disabled: without the default handler the fault would repeat
        // without an end. So .NET's handlers are set for one signal, and are set again by each fault that has become an exception.
        Saved? saved = Saved.Now();
        AppDomain.CurrentDomain.FirstChanceException += SetAgain;
        using PyObject faulthandler = PyObject.Import("faulthandler");
        using PyObject wasEnabled = faulthandler.CallMethod(Join, [-1]);
        if (!PyConvert.Boolean.FromReference(wasEnabled.Reference))
        {
            AppDomain.CurrentDomain.FirstChanceException -= SetAgain;
        }

        void SetAgain(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e)
        {
            if (e.Exception is NullReferenceException or ArithmeticException)
            {
                saved?.RestoreOnce(onlyDefaults: true);
            }
        }
    }

    private static void Save()
    {
        if (Saved.Now() is { } saved)
        {
            s_saved.Push(saved);
        }
    }

    private static void RestoreOnce() => Saved.Now()?.RestoreOnce(onlyDefaults: false);

    private static void Restore()
    {
        if (s_saved.TryPop(out Saved? saved))
        {
            saved.Restore();
        }
    }

    /// <summary>True if the handler of SIGSEGV is CPython's.</summary>
    private static bool IsOnTop() =>
        SignalDisposition.Save(s_signals[2]) is { IsDefaultOrIgnored: false } disposition
        && ImageOf(disposition.Handler) is var image and not 0
        && image == ImageOf(CPython.AddressOf(nameof(CPython.Py_GetVersion)));

    /// <summary>Gets the load address of the library that contains the function; 0 if that is not known.</summary>
    private static nint ImageOf(nint function)
    {
        // Dl_info: file name, base, symbol name, symbol.
        nint* info = stackalloc nint[4];
        try
        {
            return dladdr(function, info) != 0 ? info[1] : 0;
        }
        catch (EntryPointNotFoundException)
        {
            return 0; // Another C library has the function: glibc before 2.34.
        }
    }

    [LibraryImport("libc")]
    private static partial int dladdr(nint address, nint* info);

    [LibraryImport("libc")]
    private static partial int sigaltstack(byte* stack, byte* before);

    /// <summary>The handlers, and the stack that they run on: <c>faulthandler</c> replaces that of the thread with a smaller one.</summary>
    private sealed class Saved
    {
        private readonly SignalDisposition[] _dispositions;
        private readonly byte[] _stack = new byte[StackSize];
        private readonly bool _hasStack;

        private Saved(SignalDisposition[] dispositions)
        {
            _dispositions = dispositions;
            fixed (byte* stack = _stack)
            {
                const int disabled = 2, disabledOnMacOS = 4;
                bool isKnown = sigaltstack(null, stack) == 0;
                _hasStack = isKnown
                    && (OperatingSystem.IsMacOS() ? *(int*)(stack + 16) & disabledOnMacOS : *(int*)(stack + 8) & disabled) == 0;
            }
        }

        public static Saved? Now()
        {
            var dispositions = new SignalDisposition[s_signals.Length];
            for (int i = 0; i < dispositions.Length; i++)
            {
                if (SignalDisposition.Save(s_signals[i]) is not { } disposition)
                {
                    return null;
                }

                dispositions[i] = disposition;
            }

            return new Saved(dispositions);
        }

        public void RestoreOnce(bool onlyDefaults)
        {
            lock (_dispositions)
            {
                foreach (SignalDisposition disposition in _dispositions)
                {
                    if (!onlyDefaults || disposition.IsReplacedByDefault)
                    {
                        disposition.RestoreOnce();
                    }
                }
            }
        }

        public void Restore()
        {
            foreach (SignalDisposition disposition in _dispositions)
            {
                disposition.Restore();
            }

            if (_hasStack)
            {
                fixed (byte* stack = _stack)
                {
                    _ = sigaltstack(stack, null);
                }
            }
        }
    }
}
