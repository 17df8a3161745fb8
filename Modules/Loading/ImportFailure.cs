using PyAsync.Interop;

namespace PyAsync.Modules.Loading;

/// <summary>Reports failures of an import, also before the interpreter is joined.</summary>
internal static unsafe class ImportFailure
{
    /// <summary>True if the calling thread is in another interpreter than the process's main one.</summary>
    public static bool IsSubInterpreter =>
        CPython.PyThreadState_GetUnchecked() != 0 && CPython.PyInterpreterState_GetID(CPython.PyInterpreterState_Get()) != 0;

    /// <summary>
    /// Sets an ImportError as the current Python error, with its cause. An exception of a signal handler stays what it is: code that tries another module
    /// after an ImportError must not catch Ctrl-C.
    /// </summary>
    public static void Set(string message, Exception? cause = null)
    {
        if (!PythonInterpreter.IsRunning || IsSubInterpreter)
        {
            // No object of the interpreter is available, perhaps because the interpreter must be refused: only C functions are used.
            if (CPython.IsBound)
            {
                CPython.PyErr_SetString(CPython.Global("PyExc_ImportError"), CPython.Utf8(message));
            }

            return;
        }

        if (cause is PythonException interrupt && (interrupt.IsInstanceOf("KeyboardInterrupt") || interrupt.IsInstanceOf("SystemExit")))
        {
            CPython.PyErr_SetRaisedException(NewReference.From(interrupt.Value.Reference)); // Without the note that has .NET's stack.
            return;
        }

        using NewReference text = PyText.FromString(message);
        NewReference error = WellKnownObjects.Current.Exception("ImportError").Call(text.Borrow());
        if (error.IsNull)
        {
            return; // Out of memory, or a broken interpreter: that error is reported.
        }

        if (cause is not null)
        {
            CPython.PyException_SetCause(error.Borrow(), ExceptionToPython.Convert(cause).Steal());
        }

        CPython.PyErr_SetRaisedException(error);
    }
}
