namespace PyAsync.Interpreter.Ending;

/// <summary>The last steps before an interpreter ends. Needs the GIL.</summary>
internal static class FinalSteps
{
    /// <summary>
    /// True if pythonnet is initialised in this interpreter: its module exists until it shuts down. It does that when the process ends, perhaps after
    /// this, and would crash without an interpreter; it never finalises one itself.
    /// </summary>
    public static bool IsNeededByPythonNet()
    {
        using NewReference name = PyText.FromString("clr");
        return !CPython.PyDict_GetItemWithError(CPython.PyImport_GetModuleDict(), name.Borrow()).IsNull;
    }

    /// <summary>Runs the exit functions that Python programs rely on, for an interpreter that is not finalised.</summary>
    /// <param name="timeout">The time that the end of the process waits for them. Most of it is for Python's threads.</param>
    public static void RunExitFunctions(TimeSpan timeout)
    {
        try
        {
            using AttachScope scope = PythonThread.Attach();
            ExitFunctions.Current.Run(0.75 * timeout);
        }
        catch (Exception e) when (e is IPythonError)
        {
            Console.Error.WriteLine($"PyAsync: while the process was ending: {e}");
        }
    }

    /// <summary>
    /// Gives the calling thread the main thread's identity. Before 3.13, <c>threading</c> waits at the end for every thread except the calling one, and
    /// so for the main thread too if that is another thread, although that one never ends.
    /// </summary>
    public static void TakeMainThreadsPlace()
    {
        if (CPython.Minor >= 13)
        {
            return;
        }

        try
        {
            using NewReference main = WellKnownObjects.Current.Import("threading", "main_thread").Call().OrThrow();
            using NewReference ident = WellKnownObjects.Current.Import("threading", "get_ident").Call().OrThrow();
            PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(main.Borrow(), WellKnownNames.Current["_ident"].Reference, ident.Borrow()));
        }
        catch (Exception e) when (e is IPythonError)
        {
            Console.Error.WriteLine($"PyAsync: while the process was ending: {e}");
        }
    }
}
