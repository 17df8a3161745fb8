using System.Text.Json;

namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Chooses the C# type of a hint.</summary>
internal sealed partial class HintMapper(TypeNames names)
{
    private static readonly Dictionary<string, string> s_values = new(StringComparer.Ordinal)
    {
        ["bool"] = "bool", ["int"] = "long", ["float"] = "double", ["SupportsInt"] = "long", ["SupportsIndex"] = "long", ["SupportsFloat"] = "double",
        ["numbers.Number"] = "double", ["numbers.Real"] = "double", ["numbers.Integral"] = "long", ["decimal.Decimal"] = "decimal", ["uuid.UUID"] = "Guid",
        ["datetime.datetime"] = "DateTime", ["datetime.date"] = "DateOnly", ["datetime.time"] = "TimeOnly", ["datetime.timedelta"] = "TimeSpan",
        ["memoryview"] = "ReadOnlyMemory<byte>", ["enum.IntEnum"] = "long", ["http.HTTPStatus"] = "long",
    };

    private static readonly Dictionary<string, string> s_references = new(StringComparer.Ordinal)
    {
        ["str"] = "string", ["bytes"] = "byte[]", ["bytearray"] = "byte[]", ["ByteString"] = "byte[]", ["Buffer"] = "byte[]", ["ReadableBuffer"] = "byte[]", ["UserString"] = "string",
    };

    // Copied as a list. One that Python reads only once is an IEnumerable<T> as a parameter.
    private static readonly HashSet<string> s_lists = ["list", "Sequence", "MutableSequence", "deque", "KeysView", "ValuesView", "UserList"];
    private static readonly HashSet<string> s_iterables = ["Iterable", "Collection", "Iterator", "Generator", "Container", "Reversible"];
    private static readonly HashSet<string> s_sets = ["set", "frozenset", "Set", "MutableSet"];
    private static readonly HashSet<string> s_maps =
        ["dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "ChainMap", "types.MappingProxyType", "UserDict", "SupportsKeysAndGetItem"];

    private static readonly HashSet<string> s_awaitables = ["Awaitable", "Coroutine", "asyncio.Future", "asyncio.Task", "asyncio.futures.Future", "asyncio.tasks.Task"];
    private static readonly HashSet<string> s_streams = ["AsyncIterator", "AsyncIterable", "AsyncGenerator"];
    private static readonly HashSet<string> s_managers = ["AbstractAsyncContextManager", "AbstractContextManager"];

    private readonly Dictionary<string, PythonHint> _substitutes = new(StringComparer.Ordinal);

    /// <summary>Gets or sets the interface that <c>Self</c> means.</summary>
    public string? Self { get; set; }

    /// <summary>Gets the enums and delegates that are written because an alias is used: their names, by the alias.</summary>
    public Dictionary<string, (string Name, PythonHint Hint)> Aliases { get; } = new(StringComparer.Ordinal);

    public TypeNames Names => names;

    /// <summary>Returns true if a value of the type can be copied: it is a value, or a collection of values.</summary>
    public static bool IsValue(string name) =>
        s_values.ContainsKey(name) || s_references.ContainsKey(name) || s_lists.Contains(name) || s_iterables.Contains(name) || s_sets.Contains(name) || s_maps.Contains(name)
        || name is "Counter" or "ItemsView" or "tuple" or "object" or "Hashable";

    /// <summary>Returns the awaited type if the hint is an awaitable, or a class with <c>__await__</c>; null if it is neither.</summary>
    public PythonHint? Awaited(PythonHint? hint)
    {
        if (hint is { Kind: "name", Name: string name } && s_awaitables.Contains(name))
        {
            return hint.Args is { Length: > 0 } arguments ? arguments[^1] : Any;
        }

        return hint?.Kind == "class" ? AwaitedBy(hint, depth: 0) : null;
    }

    /// <summary>Returns the item type if the hint is an asynchronous iterable; null if it is not.</summary>
    public static PythonHint? Streamed(PythonHint? hint) =>
        hint is { Kind: "name", Name: string name } && s_streams.Contains(name) ? hint.Args is { Length: > 0 } arguments ? arguments[0] : Any : null;

    /// <summary>Returns what a context manager gives if the hint is one; null if it is not.</summary>
    public static PythonHint? Managed(PythonHint? hint) =>
        hint is { Kind: "name", Name: string name } && s_managers.Contains(name) ? hint.Args is { Length: > 0 } arguments ? arguments[0] : Any : null;

    public static PythonHint Any { get; } = new("any", null, null, null, null, null, null, null);

    /// <summary>Uses hints in place of type variables, until it is disposed.</summary>
    public Substitution Substitute(string[]? variables, PythonHint[] hints) => new(_substitutes, variables ?? [], hints);

    public bool IsSubstituted(PythonHint variable) => _substitutes.TryGetValue(variable.Name!, out PythonHint? substitute) && substitute.Name != variable.Name;

    public CSharpType Map(PythonHint? hint, Place place) => hint?.Kind switch
    {
        null => place == Place.Result ? CSharpType.PyObject("there is no hint") : CSharpType.Object("no hint"),
        "any" => place == Place.Result ? CSharpType.PyObject("the hint is Any") : CSharpType.Object("any value"),
        "none" => CSharpType.Void,
        "self" => Self is null ? CSharpType.PyObject("Self outside a class") : new CSharpType(Self) { IsInterface = true },
        "unknown" => CSharpType.PyObject($"{hint.Text}: {hint.Reason}"),
        "class" => MapClass(hint, place),
        "alias" => MapAlias(hint, place),
        "literal" => MapLiteral(hint),
        "union" => MapUnion(hint.Args!, place),
        "tuple" => MapTuple(hint.Args!, place),
        "callable" => MapCallable(hint, place),
        "variable" => MapVariable(hint, place),
        _ => MapName(hint.Name!, hint.Args ?? [], place),
    };

    /// <summary>Maps a part of a type, where a value is expected.</summary>
    private CSharpType Part(PythonHint? hint, Place place) => Map(hint, place) is { IsVoid: false } type ? type : CSharpType.Object("None");

    private CSharpType MapName(string name, PythonHint[] arguments, Place place)
    {
        if (s_values.TryGetValue(name, out string? value))
        {
            return new CSharpType(value) { IsValueType = true };
        }

        if (s_references.TryGetValue(name, out string? reference))
        {
            return new CSharpType(reference);
        }

        PythonHint? item = arguments.Length > 0 ? arguments[0] : Any;
        return name switch
        {
            _ when s_lists.Contains(name) => Generic("IReadOnlyList", isInterface: true, Part(item, place)),
            _ when s_iterables.Contains(name) => Generic(place == Place.Parameter ? "IEnumerable" : "IReadOnlyList", isInterface: true, Part(item, place)),
            _ when s_sets.Contains(name) => Generic("IReadOnlySet", isInterface: true, Part(item, place)),
            _ when s_maps.Contains(name) => MapDictionary(Part(item, place), Part(arguments.Length > 1 ? arguments[1] : Any, place)),
            "Counter" => MapDictionary(Part(item, place), new CSharpType("long") { IsValueType = true }),
            "ItemsView" => Generic("IReadOnlyList", isInterface: true, MapTuple([item!, arguments.Length > 1 ? arguments[1] : Any], place)),
            "tuple" => new CSharpType("PyTuple") { Note = "a tuple of any length" },
            "object" or "Hashable" => CSharpType.Object("any value"),
            _ when s_streams.Contains(name) && place == Place.Parameter => Generic("IAsyncEnumerable", isInterface: true, Part(item, place)),
            "type" => CSharpType.PyObject("a class"),
            _ when s_awaitables.Contains(name) => CSharpType.PyObject("an awaitable within another type"),
            _ when s_streams.Contains(name) || s_managers.Contains(name) => CSharpType.PyObject($"{name} within another type"),
            _ => CSharpType.PyObject($"{name} has no counterpart in C#"),
        };
    }

    private static CSharpType MapDictionary(CSharpType key, CSharpType value) => key.IsNullable
        ? Generic("IReadOnlyDictionary", isInterface: true, key with { IsNullable = false }, value)
        : Generic("IReadOnlyDictionary", isInterface: true, key, value);

    private static CSharpType Generic(string name, bool isInterface, params CSharpType[] arguments) => new($"{name}<{string.Join(", ", arguments.Select(static type => type.Text))}>")
    {
        IsInterface = isInterface,
        Reason = arguments.Select(static type => type.Reason).FirstOrDefault(static reason => reason is not null),
        Note = arguments.Select(static type => type.Note).FirstOrDefault(static note => note is not null),
    };

    private CSharpType MapClass(PythonHint hint, Place place)
    {
        if (names.Find(hint.Id) is not { } one)
        {
            return CSharpType.PyObject($"{hint.Id} belongs to another package: bind {hint.Id!.Split('.')[0]} too");
        }

        if (TypeNames.ValueBase(one) is { } value)
        {
            return Map(value, place);
        }

        string? name = names.Of(one.Id);
        return TypeNames.FormOf(one) switch
        {
            TypeForm.Record => new CSharpType(name!),
            TypeForm.Enum => new CSharpType(name!) { IsValueType = true },
            TypeForm.Delegate => place == Place.Parameter ? new CSharpType(name!) : CSharpType.PyObject("a function"),
            TypeForm.None => CSharpType.PyObject(one.Kind switch { "exception" => "an exception", "awaitable" => "an awaitable within another type", _ => $"{one.Name} is an enum without members" }),
            _ => place == Place.Field ? CSharpType.PyObject($"an object within a record: runtime.ToProxy<{name}>(…) wraps it") : new CSharpType(name!) { IsInterface = true },
        };
    }

    private CSharpType MapTuple(PythonHint[] items, Place place)
    {
        CSharpType[] types = [.. items.Select(item => Part(item, place))];
        if (types.Length is 0 or > 8)
        {
            return new CSharpType("PyTuple") { Note = $"a tuple of {types.Length} items" };
        }

        CSharpType tuple = types.Length == 1 ? Generic("ValueTuple", isInterface: false, types) : Generic("", isInterface: false, types);
        return tuple with { Name = types.Length == 1 ? tuple.Name : $"({tuple.Name[1..^1]})", IsValueType = true };
    }

    private CSharpType MapVariable(PythonHint hint, Place place)
    {
        if (_substitutes.TryGetValue(hint.Name!, out PythonHint? substitute) && substitute.Name != hint.Name)
        {
            return Map(substitute, place);
        }

        return hint.Args switch
        {
            [PythonHint bound] => Map(bound, place),
            { Length: > 1 } constraints => MapUnion(constraints, place),
            _ => place == Place.Result ? CSharpType.PyObject($"{hint.Name!.Split('.')[^1]} is a type variable") : CSharpType.Object("any value"),
        };
    }

    private static CSharpType MapLiteral(PythonHint hint)
    {
        JsonValueKind[] kinds = [.. hint.Values!.Select(static value => value.ValueKind).Distinct()];
        string note = string.Join(", ", hint.Values!.Select(static value => value.GetRawText()));
        return kinds switch
        {
            [JsonValueKind.String] => new CSharpType("string") { Note = note },
            [JsonValueKind.Number] => new CSharpType("long") { IsValueType = true, Note = note },
            [JsonValueKind.True] or [JsonValueKind.False] or [JsonValueKind.True, JsonValueKind.False] or [JsonValueKind.False, JsonValueKind.True] => new CSharpType("bool") { IsValueType = true },
            _ => CSharpType.Object(note),
        };
    }

    private PythonHint? AwaitedBy(PythonHint hint, int depth)
    {
        if (depth > 8 || names.Find(hint.Id) is not { } one)
        {
            return null;
        }

        PythonHint? found = one.Methods.FirstOrDefault(static method => method.Name == "__await__") is { } method
            ? method.Result is { Kind: "name", Args.Length: 3 } generator ? generator.Args[2] : method.Result is null ? Any : null
            : one.Bases.Select(inner => inner.Kind == "class" ? AwaitedBy(inner, depth + 1) : null).FirstOrDefault(static inner => inner is not null);
        return found is { Kind: "variable" } variable ? Argument(one, hint, variable) : found is { Kind: "self" } ? hint : found;
    }

    /// <summary>Returns the argument for a type variable of a class, as the hint or a base of the class gives it.</summary>
    private PythonHint Argument(PythonClass one, PythonHint hint, PythonHint variable)
    {
        int i = Array.IndexOf(one.Variables ?? [], variable.Name);
        if (i >= 0)
        {
            return hint.Args is { } arguments && i < arguments.Length ? arguments[i] : variable;
        }

        foreach (PythonHint inner in one.Bases.Where(static inner => inner.Kind == "class"))
        {
            if (names.Find(inner.Id) is { } parent && Array.IndexOf(parent.Variables ?? [], variable.Name) is >= 0 and int j && j < (inner.Args?.Length ?? 0))
            {
                return inner.Args![j];
            }
        }

        return variable;
    }
}
