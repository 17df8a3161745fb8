namespace PyAsync.Interop;

// Starts an interpreter that this library owns.
public sealed partial class PythonInterpreter
{
    private static PythonInterpreter StartOwned(PythonInterpreterOptions options)
    {
        PythonInstallation installation = new PythonLocator().Locate(options.Python);
        CPython.Bind(LibraryLoader.Load(installation.LibraryPath));
        if (CPython.Py_IsInitialized() != 0)
        {
            // Another library has started it, with symbols that are not visible through the program: always so on Windows.
            return Join(program: 0, importThreading: true);
        }

        try
        {
            ThrowIfUnusable(installation);
            return Initialize(installation, options);
        }
        catch (Exception e)
        {
            s_failure = e;
            throw;
        }
    }

    private static PythonInterpreter Initialize(PythonInstallation installation, PythonInterpreterOptions options)
    {
        InterpreterThread thread = options.UseCallingThread
            ? InterpreterThread.OfCaller()
            : InterpreterThread.StartNew();

        PythonInterpreter? interpreter = null;
        thread.Invoke(() =>
        {
            FaultHandlers.Keep(() => InterpreterInitializer.Initialize(installation));
            CPythonLayouts.Probe(SupportedPythons.Newest);
            interpreter = new PythonInterpreter(installation, thread, options.Python);
            s_current = interpreter;
            try
            {
                interpreter.ImportThreading();
                Prepare(isOwned: true);
            }
            catch (Exception e)
            {
                // Only a message: no other thread gets the GIL, which a Python exception needs.
                string cause = HiddenModules.Describe(e)
                    ?? "A module of the application or a folder in PYTHONPATH may hide a standard module of the same name; else reinstall this Python.";
                s_current = null;
                InterpreterState.Forget();
                throw new PythonNotFoundException(
                    $"{StartFailure.Name(installation)} started, but its standard library cannot be used: {e.Message.TrimEnd('.')}. {cause}");
            }

            interpreter._mainThreadState = CPython.PyEval_SaveThread();
        });
        AppDomain.CurrentDomain.ProcessExit += (_, _) => interpreter!.End();
        return interpreter!;
    }

    /// <summary>Throws the exception of an earlier start that failed.</summary>
    private static void ThrowIfFailed()
    {
        if (s_failure is { } failure)
        {
            throw new PythonNotFoundException(failure.Message, failure);
        }
    }

    private static unsafe void ThrowIfUnusable(PythonInstallation installation)
    {
        string loaded = System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)CPython.Py_GetVersion())!;
        string subject = installation.LibraryPath.Length > 0 ? installation.LibraryPath : $"The Python of this process ({installation.Executable ?? "unknown program"})";
        if (loaded.Contains("free-threading", StringComparison.Ordinal))
        {
            throw new PythonNotFoundException(
                $"{subject} is a free-threaded build ({loaded}), whose objects have another layout. Use the ordinary build of Python {installation.Version}.");
        }

        if (CPython.Minor < SupportedPythons.Oldest.Minor)
        {
            throw new PythonNotFoundException(
                $"{subject} is Python {loaded}: too old, {SupportedPythons.Oldest} or newer is needed. {InstallHint.ForPython()} installs one.");
        }

        if (CPython.Minor != installation.Version.Minor)
        {
            throw new PythonNotFoundException(
                $"{subject} reports Python {loaded}, but {installation.Source} led to Python {installation.Version}. Name the right library or interpreter with {PythonLocator.EnvironmentVariable}.");
        }
    }
}
