namespace PyAsync.Interop;

/// <summary>The module <c>pyasync</c>: exception types that Python code can name, shared by every copy of this library in the process.</summary>
internal static class PyAsyncModule
{
    private const string Name = "pyasync";

    public static BorrowedReference DotNetException => PythonInterpreter.Current.Objects.Import(Name, nameof(DotNetException));

    public static BorrowedReference TimeoutError => PythonInterpreter.Current.Objects.Import(Name, "_TimeoutError");

    /// <summary>Enters the module into <c>sys.modules</c>, unless another copy of this library has.</summary>
    public static void Register()
    {
        BorrowedReference modules = CPython.PyImport_GetModuleDict();
        using NewReference name = PyText.FromString(Name);
        if (CPython.PyDict_GetItemWithError(modules, name.Borrow()).IsNull)
        {
            string source = PySource.Embedded(typeof(PyAsyncModule).Assembly, "pyasync.py");
            using NewReference module = PySource.Run(source, Name);
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(modules, name.Borrow(), module.Borrow()));
        }
    }
}
