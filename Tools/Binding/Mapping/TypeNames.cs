namespace PyAsync.Tool.Binding.Mapping;

/// <summary>The C# types for modules and classes: their names, and the files that they are written into.</summary>
internal sealed class TypeNames
{
    // Types that the generated code names.
    private static readonly string[] s_reserved =
    [
        "Action", "Array", "Attribute", "CancellationToken", "Convert", "DateOnly", "DateTime", "DateTimeOffset", "Dictionary", "Enum", "Exception", "Flags", "FlagsAttribute",
        "Func", "Guid", "IAsyncEnumerable", "IDisposable", "IEnumerable", "IReadOnlyDictionary", "IReadOnlyList", "IReadOnlySet", "Nullable", "Object", "PyEnum",
        "PyEnumForm", "PyImport", "PyKeyword", "PyKwargs", "PyName", "PyObject", "PyOptional", "PyPositional", "PyProxy", "PyRecord", "PyTuple",
        "ReadOnlyMemory", "String", "System", "Task", "TimeOnly", "TimeSpan", "Tuple", "Type", "ValueTuple",
    ];

    private readonly Dictionary<string, PythonClass> _classes;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _modules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = [.. s_reserved];
    private readonly PythonProgram _program;

    public TypeNames(PythonProgram program)
    {
        _program = program;
        _classes = program.Classes!.ToDictionary(static one => one.Id, StringComparer.Ordinal);
        foreach (PythonModule module in program.Modules!)
        {
            _modules.Add(module.Name, Identifiers.Unique("I" + Identifiers.Pascal(module.Name), _used));
        }

        // Names that a module offers come first: another class of the same name has the longer one.
        IEnumerable<string> offered = program.Modules.SelectMany(static module => module.Constructors).Select(static export => export.Id);
        foreach (string id in offered.Concat(_classes.Keys.Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal))
        {
            if (_classes.TryGetValue(id, out PythonClass? one) && FormOf(one) != TypeForm.None)
            {
                _names.Add(id, NewName(one));
            }
        }
    }

    public static TypeForm FormOf(PythonClass one) => one.Kind switch
    {
        "exception" or "awaitable" => TypeForm.None,
        _ when ValueBase(one) is not null && one.Kind != "enum" => TypeForm.None,
        "enum" => one.Members is { Length: > 0 } ? TypeForm.Enum : TypeForm.None,
        "dataclass" or "typeddict" or "namedtuple" or "model" when one.Fields.Length > 0 => TypeForm.Record,
        "object" when one.IsProtocol && one.Properties.Length == 0 && one.Methods is [{ Name: "__call__" }] => TypeForm.Delegate,
        _ => TypeForm.Interface,
    };

    /// <summary>Returns the built-in value type that a class derives from (<c>class istr(str)</c>), or null. Its instances are values.</summary>
    public static PythonHint? ValueBase(PythonClass one) =>
        one.Kind == "object" ? one.Bases.FirstOrDefault(static hint => hint is { Kind: "name", Name: "str" or "int" or "float" or "bytes" }) : null;

    public string OfModule(string module) => _modules[module];

    /// <summary>Returns the class of a hint, or null if it belongs to another package.</summary>
    public PythonClass? Find(string? id) => id is null ? null : _classes.GetValueOrDefault(id);

    /// <summary>Returns the name of the class's C# type, or null if it has none.</summary>
    public string? Of(string id) => _names.GetValueOrDefault(id);

    /// <summary>Returns the classes that are written into a module's file.</summary>
    public IEnumerable<PythonClass> In(PythonModule module) =>
        from one in _classes.Values
        where _names.ContainsKey(one.Id) && Owner(one) == module
        orderby _names[one.Id]
        select one;

    /// <summary>Returns a name for another type, such as the enum of a Literal.</summary>
    public string New(string name) => Identifiers.Unique(_used.Contains(name) && s_reserved.Contains(name) ? name + "Value" : name, _used);

    /// <summary>Returns the module whose file has a class.</summary>
    public PythonModule Owner(PythonClass one) =>
        _program.Modules!.Where(module => one.Module == module.Name || one.Module.StartsWith(module.Name + ".", StringComparison.Ordinal)).MaxBy(static module => module.Name.Length)
        ?? _program.Modules!.First(module => module.Name.Split('.')[0] == one.Module.Split('.')[0]);

    private string NewName(PythonClass one)
    {
        string prefix = FormOf(one) == TypeForm.Interface ? "I" : "", name = Identifiers.Pascal(one.Name);
        if (_used.Add(prefix + name))
        {
            return prefix + name;
        }

        string longer = $"{prefix}{Identifiers.Pascal(one.Module.Split('.')[^1])}{name}";
        return Identifiers.Unique(s_reserved.Contains(prefix + name) && one.Module.Split('.').Length == 1 ? prefix + name + "Value" : longer, _used);
    }
}
