using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PyAsync.Exceptions;

/// <summary>Converts Python exceptions to .NET exceptions. Needs the GIL.</summary>
internal static class ExceptionFromPython
{
    /// <summary>The key of <see cref="Exception.Data"/> under which a .NET exception that returns from Python keeps Python's traceback.</summary>
    public const string TracebackKey = "Python.Traceback";

    /// <summary>
    /// The number of conversions that may be nested on one thread. A conversion runs Python code (<c>__str__</c>), which may call C# code that
    /// fails as well.
    /// </summary>
    private const int MaxNesting = 3;

    [ThreadStatic]
    private static int t_nesting;

    /// <summary>Converts an exception. Never throws: an exception that cannot be converted becomes one that names only its type.</summary>
    /// <param name="error">The Python exception; borrowed.</param>
    /// <param name="token">The token that a cancellation carries.</param>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A failure of the conversion must not hide the exception.")]
    public static Exception Convert(BorrowedReference error, CancellationToken token)
    {
        if (t_nesting >= MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Minimal(error);
        }

        t_nesting++;
        try
        {
            Exception converted = new ExceptionGraph().Convert(error, token);
            if (converted is IPythonError)
            {
                FrameLocals.Clear(error);
            }

            return converted;
        }
        catch (Exception)
        {
            PythonErrors.Forget();
            return Minimal(error);
        }
        finally
        {
            t_nesting--;
        }
    }

    /// <summary>Gets the .NET exception that this copy of the library made a Python exception from; null if there is none.</summary>
    public static Exception? Original(BorrowedReference error) => Crossing.Of(error)?.Exception;

    /// <summary>Creates an exception without running any Python code.</summary>
    private static PythonException Minimal(BorrowedReference error)
    {
        string name = PyText.BareTypeName(CPython.Py_TYPE(error));
        return new PythonException(new PythonErrorInfo(
            name, [name], "", $"{PyText.WithoutBuiltins(name)} (its message and traceback could not be read)", PyObject.FromBorrowed(error), [], null, null));
    }
}
