using PyAsync.Interop;

namespace PyAsync.Modules.Applications;

/// <summary>The modules that the application has added. One object for each interpreter; the GIL guards it.</summary>
internal sealed class AddedModules
{
    private readonly Dictionary<string, (PyObject Module, Runtime Owner)> _added = new(StringComparer.Ordinal);

    public static AddedModules Current => InterpreterState.Current.Attachment<AddedModules>();

    /// <summary>Creates and fills a module, and enters it into <c>sys.modules</c>.</summary>
    /// <exception cref="InvalidOperationException">There is another module of that name.</exception>
    public void Add(RegisteredModule registered, Runtime owner)
    {
        string name = registered.Name;
        if (_added.TryGetValue(name, out (PyObject Module, Runtime Owner) known))
        {
            if (known.Owner != owner)
            {
                registered.Fill(new ModuleBuilder(name, known.Module, new ModuleRuntime(owner), refillsClasses: true));
                _added[name] = (known.Module, owner);
            }

            return;
        }

        using PyObject sys = PyObject.Import("sys");
        using PyObject modules = sys.GetAttr("modules");
        if (Has(modules, name))
        {
            throw new InvalidOperationException($"Python has imported another module '{name}' already: add the module before, or give it another name in [PyModule(\"{name}\")].");
        }

        PyObject module = New(name, registered.Doc);
        registered.Fill(new ModuleBuilder(name, module, new ModuleRuntime(owner), refillsClasses: true));
        int dot = name.LastIndexOf('.');
        if (dot > 0)
        {
            using PyObject package = Package(modules, name[..dot]);
            package.SetAttr(name[(dot + 1)..], module);
        }

        modules[name] = module;
        _added[name] = (module, owner);
    }

    /// <summary>Imports a package, or creates an empty one.</summary>
    private static PyObject Package(PyObject modules, string name)
    {
        try
        {
            using PyObject importlib = PyObject.Import("importlib");
            return importlib.CallMethod("import_module", [name]);
        }
        catch (PythonException e) when (IsMissing(e, name))
        {
            PyObject package = New(name, doc: null);
            using PyObject path = PyObject.From([], PyConvert.Array(PyConvert.String));
            package.SetAttr("__path__", path);
            int dot = name.LastIndexOf('.');
            if (dot > 0)
            {
                using PyObject outer = Package(modules, name[..dot]);
                outer.SetAttr(name[(dot + 1)..], package);
            }

            modules[name] = package;
            return package;
        }
    }

    /// <summary>True if the package itself does not exist, rather than a module that it imports.</summary>
    private static bool IsMissing(PythonException error, string package)
    {
        if (!error.IsInstanceOf("ModuleNotFoundError"))
        {
            return false;
        }

        using PyObject missing = error.Value.GetAttr("name");
        return missing.ToString() is var name && (package == name || package.StartsWith(name + ".", StringComparison.Ordinal));
    }

    private static bool Has(PyObject modules, string name)
    {
        using PyObject key = PyObject.From(name, PyConvert.String);
        return modules.Contains(key);
    }

    private static PyObject New(string name, string? doc)
    {
        using PyObject types = PyObject.Import("types");
        return types.CallMethod("ModuleType", [name, doc]);
    }
}
