namespace PyAsync.Interpreter;

/// <summary>Completes the message of a <c>ModuleNotFoundError</c>: the Python that searched for the module, and the command that installs it.</summary>
internal sealed class ModuleNotFoundHint : MessageHint
{
    /// <summary>Gets <c>str(error)</c>, with the hint if the error is about a module that is not installed. Needs the GIL.</summary>
    public override string Describe(BorrowedReference error)
    {
        string message = PyText.Describe(error);
        if (CPython.PyErr_GivenExceptionMatches(error, WellKnownObjects.Current.Exception("ModuleNotFoundError")) == 0)
        {
            return message;
        }

        using NewReference name = error.GetAttr(WellKnownNames.Current["name"]);
        if (name.IsNull || !name.Borrow().HasFeature(CPython.Py_TPFLAGS_UNICODE_SUBCLASS))
        {
            PythonErrors.Forget();
            return message;
        }

        // Only errors that Python itself reports, and no submodule: its package is installed.
        string module = PyText.ToString(name.Borrow());
        return message == $"No module named '{module}'" && !module.Contains('.', StringComparison.Ordinal)
            ? $"{message}. {Hint(module)}"
            : message;
    }

    private static string Hint(string module)
    {
        PythonInstallation installation = PythonInterpreter.Current.Installation;
        string? executable = ExecutableOfProcess() ?? installation.Executable;
        string searched = $"{executable ?? "Python"} (Python {installation.Version}) searched for it.";
        return IsStandard(module)
            ? $"{searched} It is a part of the standard library that this Python lacks; the system's package manager, or another build of Python, has it."
            : $"{searched} To install the package of that name: {InstallHint.ForPackage(module, executable)}. A file of the application is found beside the application and in the folders of ModulePaths.";
    }

    /// <summary>Gets <c>sys.executable</c>; null if Python has none.</summary>
    internal static unsafe string? ExecutableOfProcess()
    {
        BorrowedReference executable = CPython.PySys_GetObject(CPython.Utf8("executable"));
        return !executable.IsNull && executable.HasFeature(CPython.Py_TPFLAGS_UNICODE_SUBCLASS) && PyText.ToString(executable) is { Length: > 0 } path ? path : null;
    }

    private static unsafe bool IsStandard(string module)
    {
        BorrowedReference names = CPython.PySys_GetObject(CPython.Utf8("stdlib_module_names"));
        using NewReference name = PyText.FromString(module);
        return !names.IsNull && CPython.PySequence_Contains(names, name.Borrow()) == 1;
    }
}
