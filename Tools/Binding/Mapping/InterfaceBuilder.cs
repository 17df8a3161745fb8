using PyAsync.Generators.Modules;

namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Builds the interfaces for classes and modules.</summary>
/// <param name="mapper">Maps the hints.</param>
/// <param name="methods">Maps the functions.</param>
/// <param name="arguments">The arguments of generic classes.</param>
/// <param name="shares">Returns the counts of the file that a class is written into.</param>
internal sealed class InterfaceBuilder(HintMapper mapper, MethodMapper methods, Dictionary<string, PythonHint[]> arguments, Func<PythonClass, HintShare> shares)
{
    private readonly Dictionary<string, CSharpInterface> _built = new(StringComparer.Ordinal);

    /// <summary>Returns the interface of a class.</summary>
    public CSharpInterface Of(PythonClass one)
    {
        if (_built.TryGetValue(one.Id, out CSharpInterface? built))
        {
            return built;
        }

        built = new CSharpInterface(mapper.Names.Of(one.Id)!, []);
        _built.Add(one.Id, built);
        foreach ((_, PythonClass parent) in Parents(one).Where(static parent => IsExtended(parent.Class)))
        {
            CSharpInterface inherited = Of(parent);
            // Two bases with the same member would make each use of it ambiguous.
            if (!inherited.Members.Overlaps(built.Members))
            {
                built.Bases.Add(inherited.Name);
                built.Members.UnionWith(inherited.Members);
                built.Scope ??= inherited.Scope is null ? null : "";
            }
        }

        using (mapper.Substitute(one.Variables, arguments.GetValueOrDefault(one.Id) ?? []))
        {
            AddMembers(built, one, shares(one), depth: 0);
        }

        return built;
    }

    /// <summary>Returns the interface of a module.</summary>
    public CSharpInterface Of(PythonModule module, HintShare share)
    {
        var built = new CSharpInterface(mapper.Names.OfModule(module.Name), []);
        mapper.Self = null;
        foreach (PythonAttribute constant in module.Constants)
        {
            AddProperty(built, constant, share);
        }

        foreach (PythonFunction function in module.Functions)
        {
            methods.Add(built, function, NameOf(function.Name), function.Name, share);
        }

        foreach (PythonExport export in module.Constructors)
        {
            if (mapper.Names.Find(export.Id) is { } one && TypeNames.FormOf(one) is TypeForm.Interface or TypeForm.Record)
            {
                AddClass(built, export, one, share);
            }
        }

        return built;
    }

    /// <summary>Returns the C# name, without <c>Async</c>, of a Python function.</summary>
    private static string NameOf(string name) => Identifiers.Pascal(name.EndsWith("_async", StringComparison.Ordinal) && name.Length > 6 ? name[..^6] + "Async" : name);

    private static bool IsExtended(PythonClass parent) => TypeNames.FormOf(parent) == TypeForm.Interface && parent.Variables is null or { Length: 0 };

    private IEnumerable<(PythonHint Hint, PythonClass Class)> Parents(PythonClass one) =>
        from hint in one.Bases
        where hint.Kind == "class"
        let parent = mapper.Names.Find(hint.Id)
        where parent is not null && parent.Id != one.Id && TypeNames.FormOf(parent) == TypeForm.Interface
        select (hint, parent);

    /// <summary>Adds the constructor of a class, and its class and static methods, to the module's interface.</summary>
    private void AddClass(CSharpInterface built, PythonExport export, PythonClass one, HintShare share)
    {
        bool isRecord = TypeNames.FormOf(one) == TypeForm.Record;
        mapper.Self = mapper.Names.Of(one.Id);
        var self = new PythonHint("class", null, one.Id, [], null, null, null, null);
        if (!isRecord && !one.IsProtocol)
        {
            (PythonFunction? constructor, Substitution substitution) = Constructor(one, depth: 0);
            using (substitution)
            {
                var none = new PythonFunction(export.Name, "function", [], null, [], null, null);
                PythonFunction function = (constructor ?? none) with { Name = export.Name, Doc = constructor?.Doc ?? one.Doc };
                methods.Add(built, function, NameOf(export.Name), export.Name, share, mapper.Awaited(self) ?? self);
            }
        }

        foreach (PythonFunction method in one.Methods.Where(static method => method.Of is "class" or "static"))
        {
            methods.Add(built, method, Identifiers.Pascal(export.Name) + NameOf(method.Name), $"{export.Name}.{method.Name}", share);
        }

        mapper.Self = null;
    }

    private (PythonFunction? Function, Substitution Substitution) Constructor(PythonClass one, int depth)
    {
        if (one.Constructor is not null)
        {
            return (one.Constructor, mapper.Substitute(null, []));
        }

        foreach ((PythonHint hint, PythonClass parent) in depth > 8 ? [] : Parents(one))
        {
            Substitution outer = mapper.Substitute(parent.Variables, hint.Args ?? []);
            (PythonFunction? found, Substitution inner) = Constructor(parent, depth + 1);
            if (found is not null)
            {
                return (found, outer);
            }

            inner.Dispose();
            outer.Dispose();
        }

        return (null, mapper.Substitute(null, []));
    }

    private void AddMembers(CSharpInterface built, PythonClass one, HintShare? share, int depth)
    {
        mapper.Self = built.Name;
        AddSpecial(built, one);
        foreach (PythonAttribute property in one.Properties)
        {
            AddProperty(built, property, share);
        }

        foreach (PythonFunction method in one.Methods.Where(static method => method.Of is "instance" && (!method.Name.StartsWith("__", StringComparison.Ordinal) || method.Name == "__call__")))
        {
            methods.Add(built, method, method.Name == "__call__" ? "Invoke" : NameOf(method.Name), method.Name, share);
            mapper.Self = built.Name;
        }

        // The members of a generic base have other types here, so they are repeated.
        foreach ((PythonHint hint, PythonClass parent) in depth > 8 ? [] : Parents(one).Where(parent => !IsExtended(parent.Class) || (depth > 0 && !built.Bases.Contains(mapper.Names.Of(parent.Class.Id)!))))
        {
            using (mapper.Substitute(parent.Variables, hint.Args ?? []))
            {
                AddMembers(built, parent, share: null, depth + 1);
            }
        }
    }

    private void AddProperty(CSharpInterface built, PythonAttribute property, HintShare? share)
    {
        CSharpType type = mapper.Map(property.Hint, Place.Result);
        share?.Add([property.Hint], type.Reason is null);
        if (type.IsVoid)
        {
            return;
        }

        string name = Identifiers.Pascal(property.Name);
        // `Count` without an attribute is __len__, and an indexer has the name Item.
        bool isTaken = name is "Item" || built.Members.Contains(name);
        if (built.Members.Contains(name) && built.Properties.All(other => other.Name != name))
        {
            return; // Inherited.
        }

        name = isTaken ? name + "Value" : name;
        string? pythonName = PythonNames.Of(name) == property.Name && name != "Count" ? null : property.Name;
        if (built.Members.Add(name))
        {
            string[] comments = type.Reason is null ? [] : [$"PyObject: {type.Reason}."];
            built.Properties.Add(new CSharpProperty(Identifiers.Escape(name), pythonName, type.Text, property.Settable, property.Doc, comments));
        }
    }

    /// <summary>Adds what special methods and abstract bases mean: iteration, indexing, length, context managers.</summary>
    private void AddSpecial(CSharpInterface built, PythonClass one)
    {
        PythonFunction? Special(string name) => one.Methods.FirstOrDefault(method => method.Name == name);

        foreach (PythonHint hint in one.Bases.Where(static hint => hint.Kind == "name"))
        {
            if (HintMapper.Streamed(hint) is { } item)
            {
                AddIteration(built, "IAsyncEnumerable", item);
            }
        }

        if (Special("__aiter__") is { } asynchronous)
        {
            PythonHint? result = Special("__anext__") is { } next ? mapper.Awaited(next.Result) ?? next.Result : null;
            AddIteration(built, "IAsyncEnumerable", HintMapper.Streamed(asynchronous.Result) ?? NextOf(asynchronous.Result) ?? result);
        }

        if (Special("__iter__") is { } synchronous)
        {
            AddIteration(built, "IEnumerable", synchronous.Result is { Kind: "name", Args.Length: > 0 } iterator ? iterator.Args[0] : null);
        }

        if (Special("__len__") is not null && one.Properties.All(static property => property.Name != "count") && built.Members.Add("Count"))
        {
            built.Properties.Add(new CSharpProperty("Count", null, "int", false, null, []));
        }

        if (Special("__getitem__") is { } getter && built.Members.Add("this[]"))
        {
            PythonFunction form = getter.Overloads is { Length: > 0 } overloads ? overloads[0] : getter;
            CSharpType key = mapper.Map(form.Parameters.FirstOrDefault()?.Hint, Place.Parameter), value = mapper.Map(form.Result, Place.Result);
            if (!value.IsVoid && !key.IsVoid)
            {
                built.Indexer = (key.Text, value.Text, Special("__setitem__") is not null);
            }
        }

        if ((Special("__aenter__") ?? Special("__enter__")) is { } enter && built.Scope is null)
        {
            CSharpType value = mapper.Map(mapper.Awaited(enter.Result) ?? enter.Result, Place.Result);
            built.Scope = value.IsVoid ? "PyObject" : value.Text;
        }
    }

    private PythonHint? NextOf(PythonHint? iterator) =>
        iterator is { Kind: "class" } && mapper.Names.Find(iterator.Id)?.Methods.FirstOrDefault(static method => method.Name == "__anext__") is { } next ? mapper.Awaited(next.Result) ?? next.Result : null;

    private void AddIteration(CSharpInterface built, string type, PythonHint? item)
    {
        CSharpType mapped = mapper.Map(item, Place.Result);
        if (built.Members.Add(type))
        {
            built.Bases.Add($"{type}<{(mapped.IsVoid ? "object?" : mapped.Text)}>");
        }
    }
}
