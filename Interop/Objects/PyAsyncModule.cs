namespace PyAsync.Objects;

/// <summary>The module <c>pyasync</c>: exception types that Python code can name, shared by all copies of this library in the process.</summary>
internal static class PyAsyncModule
{
    private const string Name = "pyasync";

    public static BorrowedReference DotNetException => WellKnownObjects.Current.Import(Name, nameof(DotNetException));

    /// <summary>Enters the module into <c>sys.modules</c>, unless another copy of this library has done so.</summary>
    public static void Register()
    {
        BorrowedReference modules = CPython.PyImport_GetModuleDict();
        using NewReference name = PyText.FromString(Name);
        BorrowedReference found = CPython.PyDict_GetItemWithError(modules, name.Borrow());
        if (!found.IsNull && HasExceptionType(found))
        {
            return;
        }

        string source = PySource.Embedded(typeof(PyAsyncModule).Assembly, "pyasync.py");
        using NewReference module = PySource.Run(source, Name);
        if (found.IsNull)
        {
            PythonErrors.ThrowIfNegative(CPython.PyDict_SetItem(modules, name.Borrow(), module.Borrow()));
            return;
        }

        // A module of that name which is not from this library: its attributes are kept.
        PyName type = WellKnownNames.Current[nameof(DotNetException)];
        using NewReference created = module.Borrow().GetAttr(type).OrThrow();
        PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(found, type.Reference, created.Borrow()));
    }

    private static bool HasExceptionType(BorrowedReference module)
    {
        using NewReference type = module.GetAttr(WellKnownNames.Current[nameof(DotNetException)]);
        if (type.IsNull)
        {
            PythonErrors.Forget();
        }

        return !type.IsNull;
    }
}
