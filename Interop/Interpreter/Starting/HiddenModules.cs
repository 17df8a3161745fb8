namespace PyAsync.Interpreter.Starting;

/// <summary>Explains failures of the start by files of the application that hide modules of Python's standard library, such as an <c>asyncio.py</c>.</summary>
internal static class HiddenModules
{
    /// <summary>Runs a step of the start without a result, as <see cref="Explain{T}(Func{T})"/> does.</summary>
    public static void Explain(Action step) =>
        _ = Explain(() =>
        {
            step();
            return true;
        });

    /// <summary>Runs a step of the start that imports modules of the standard library.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="PythonNotFoundException">The step failed, and a file hides such a module.</exception>
    public static T Explain<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is PythonException or PythonTypeErrorException)
        {
            if (Describe(e) is not { } cause)
            {
                throw;
            }

            throw new PythonNotFoundException($"Python started, but its standard library cannot be used: {e.Message.TrimEnd('.')}. {cause}", e);
        }
    }

    /// <summary>Gets sentences that name the hiding files and the remedy; null if no file hides a module that was imported. Takes the GIL.</summary>
    public static string? Describe(Exception failure)
    {
        (string Module, string File)[] files;
        try
        {
            using AttachScope scope = PythonThread.Attach();
            using PyObject module = PySource.Run(PySource.Embedded(typeof(HiddenModules).Assembly, "hidden_modules.py"), "pyasync_hidden_modules").ToPyObject();
            using PyObject found = module.CallMethod("find", [failure.ToString()]);
            files = found.As(PyConvert.Array(PyConvert.Tuple(PyConvert.String, PyConvert.String)));
        }
        catch (PythonException)
        {
            return null; // The first failure has the cause.
        }

        return files.Length == 0
            ? null
            : string.Join(' ', Array.ConvertAll(files, static file => $"{file.File} hides Python's own module '{file.Module}', because its folder is searched first: rename the file, or move it into a package."));
    }
}
