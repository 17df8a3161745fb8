using PyAsync.Interop;

namespace PyAsync.Modules.Applications;

/// <summary>The modules that the application has added. One object for each interpreter; the GIL guards it.</summary>
/// <remarks>
/// Python code runs while a module is added: imports, and the module's initialisation. It may release the GIL, so that another thread adds the same module. No lock
/// is held meanwhile, because the initialisation may wait for that thread: each decision is made, and carried out, with no Python code in between.
/// </remarks>
internal sealed class AddedModules
{
    private readonly Dictionary<string, (PyObject Module, Runtime Owner)> _added = new(StringComparer.Ordinal);

    // The modules that a thread is filling now.
    private readonly HashSet<(string Name, int Thread)> _filling = [];

    public static AddedModules Current => InterpreterState.Current.Attachment<AddedModules>();

    /// <summary>Creates and fills a module, and enters it into <c>sys.modules</c>.</summary>
    /// <exception cref="InvalidOperationException">There is another module of that name.</exception>
    public void Add(RegisteredModule registered, Runtime owner)
    {
        (string Name, int Thread) filling = (registered.Name, Environment.CurrentManagedThreadId);
        if (!_filling.Add(filling))
        {
            return; // The initialisation of the module adds the module.
        }

        try
        {
            using PyObject sys = PyObject.Import("sys");
            using PyObject modules = sys.GetAttr("modules");
            if (!TryTakeOver(registered, owner))
            {
                ThrowIfKnown(modules, registered.Name);
                AddNew(modules, registered, owner);
            }
        }
        finally
        {
            _filling.Remove(filling);
        }
    }

    /// <summary>Moves a module to a runtime, if it was added for another one; returns false if it has not been added.</summary>
    private bool TryTakeOver(RegisteredModule registered, Runtime owner)
    {
        if (!_added.TryGetValue(registered.Name, out (PyObject Module, Runtime Owner) known))
        {
            return false;
        }

        if (known.Owner != owner)
        {
            Fill(registered, known.Module, owner);
            _added[registered.Name] = (known.Module, owner);
        }

        return true;
    }

    private void AddNew(PyObject modules, RegisteredModule registered, Runtime owner)
    {
        string name = registered.Name;
        int dot = name.LastIndexOf('.');
        PyObject module = New(name, registered.Doc);
        try
        {
            Fill(registered, module, owner);
            using PyObject? package = dot > 0 ? Package(modules, name[..dot]) : null;
            if (TryTakeOver(registered, owner))
            {
                module.Dispose(); // Another thread has added the module meanwhile.
                return;
            }

            ThrowIfKnown(modules, name);
            package?.SetAttr(name[(dot + 1)..], module);
            modules[name] = module;
            _added[name] = (module, owner);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    private static void Fill(RegisteredModule registered, PyObject module, Runtime owner) =>
        registered.Fill(new ModuleBuilder(registered.Name, module, new ModuleRuntime(owner), refillsClasses: true));

    /// <exception cref="InvalidOperationException">There is another module of that name.</exception>
    private static void ThrowIfKnown(PyObject modules, string name)
    {
        if (Has(modules, name))
        {
            throw new InvalidOperationException($"Python has imported another module '{name}' already: add the module before, or give it another name in [PyModule(\"{name}\")].");
        }
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
            using PyObject created = New(name, doc: null);
            using PyObject path = PyObject.From([], PyConvert.Array(PyConvert.String));
            created.SetAttr("__path__", path);
            int dot = name.LastIndexOf('.');
            using PyObject? outer = dot > 0 ? Package(modules, name[..dot]) : null;

            // Another thread may have created the package meanwhile.
            PyObject package = modules.CallMethod("setdefault", [name, created]);
            outer?.SetAttr(name[(dot + 1)..], package);
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
