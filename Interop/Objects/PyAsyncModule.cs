namespace PyAsync.Objects;

/// <summary>The module <c>pyasync</c>: exception types that Python code can name, shared by all copies of this library in the process.</summary>
internal static class PyAsyncModule
{
    private const string Name = "pyasync";

    public static BorrowedReference DotNetException => WellKnownObjects.Current.Import(Name, nameof(DotNetException));

    // A copy of this library with another version may have registered a module that lacks some of them.
    private static readonly string[] s_types = [nameof(DotNetException), "ScopeAbandoned"];

    /// <summary>Enters the module into <c>sys.modules</c>, unless another copy of this library has done so.</summary>
    public static void Register()
    {
        BorrowedReference modules = CPython.PyImport_GetModuleDict();
        using NewReference name = PyText.FromString(Name);
        BorrowedReference found = CPython.PyDict_GetItemWithError(modules, name.Borrow());
        if (!found.IsNull && HasAll(found))
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

        // A module of that name which is not from this library, or is from an older version of it: its attributes are kept.
        foreach (string type in s_types)
        {
            if (!Has(found, type))
            {
                PyName attribute = WellKnownNames.Current[type];
                using NewReference created = module.Borrow().GetAttr(attribute).OrThrow();
                PythonErrors.ThrowIfNegative(CPython.PyObject_SetAttr(found, attribute.Reference, created.Borrow()));
            }
        }
    }

    private static bool HasAll(BorrowedReference module)
    {
        foreach (string type in s_types)
        {
            if (!Has(module, type))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(BorrowedReference module, string attribute)
    {
        using NewReference found = module.GetAttr(WellKnownNames.Current[attribute]);
        if (found.IsNull)
        {
            PythonErrors.Forget();
        }

        return !found.IsNull;
    }
}
