namespace PyAsync.Interop;

/// <summary>Failures of an import, also those that come before the interpreter is joined.</summary>
internal static unsafe class ImportFailure
{
    /// <summary>Whether the calling thread is in another interpreter than the process's main one.</summary>
    public static bool IsSubInterpreter =>
        CPython.PyThreadState_GetUnchecked() != 0 && CPython.PyInterpreterState_GetID(CPython.PyInterpreterState_Get()) != 0;

    /// <summary>Sets an ImportError as the current Python error, with what caused it.</summary>
    public static void Set(string message, Exception? cause = null)
    {
        if (!PythonInterpreter.IsRunning || IsSubInterpreter)
        {
            // Nothing of the interpreter's is at hand, perhaps because it is one that has to be refused: C's own words will do.
            if (CPython.IsBound)
            {
                CPython.PyErr_SetString(CPython.Global("PyExc_ImportError"), CPython.Utf8(message));
            }

            return;
        }

        using NewReference text = PyText.FromString(message);
        NewReference error = PythonInterpreter.Current.Objects.Exception("ImportError").Call(text.Borrow());
        if (error.IsNull)
        {
            return; // Out of memory, or a broken interpreter: that is the error then.
        }

        if (cause is not null)
        {
            CPython.PyException_SetCause(error.Borrow(), ExceptionToPython.Convert(cause).Steal());
        }

        CPython.PyErr_SetRaisedException(error);
    }
}
