using System.Text.Json;

namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Decides what the classes of a program are, from all of its hints.</summary>
internal static class ProgramShape
{
    private static readonly string[] s_kinds = ["dataclass", "namedtuple", "model"];

    /// <summary>
    /// Returns the program with classes as they are written: a dataclass that holds objects, such as a connection or a function, is an object itself, with properties. Only one that
    /// holds values is copied, as a record.
    /// </summary>
    public static PythonProgram WithObjects(PythonProgram program)
    {
        Dictionary<string, PythonClass> classes = program.Classes!.ToDictionary(static one => one.Id, StringComparer.Ordinal);
        return program with
        {
            Classes =
            [
                .. program.Classes!.Select(one =>
                    IsAwaited(one, classes, []) ? one with { Kind = "awaitable" }
                    : s_kinds.Contains(one.Kind) && !one.Fields.All(field => IsValue(field.Hint, classes, [one.Id])) ? AsObject(one)
                    : one),
            ],
        };
    }

    /// <summary>Returns true for a class that stands for another value, which the code gets because a call awaits it: a request that was started. A pool that gives itself is none.</summary>
    private static bool IsAwaited(PythonClass one, Dictionary<string, PythonClass> classes, HashSet<string> seen)
    {
        if (!seen.Add(one.Id))
        {
            return false;
        }

        return one.Methods.FirstOrDefault(static method => method.Name == "__await__") is { } method
            ? method.Result is { Kind: "name", Args.Length: 3 } generator && generator.Args[2].Kind is not ("self" or "any") && !seen.Contains(generator.Args[2].Id ?? "")
            : one.Bases.Any(parent => parent.Kind == "class" && classes.TryGetValue(parent.Id!, out PythonClass? found) && IsAwaited(found, classes, seen));
    }

    /// <summary>
    /// Returns the arguments of the generic classes: those that all hints of the program give, if they are the same everywhere. The arguments of a class give those of its bases.
    /// </summary>
    public static Dictionary<string, PythonHint[]> Arguments(PythonProgram program)
    {
        Dictionary<string, Dictionary<string, PythonHint[]>> found = new(StringComparer.Ordinal);
        void Add(PythonHint hint, PythonHint[] arguments)
        {
            if (arguments.Length > 0 && !arguments.SelectMany(Parts).Any(static part => part.Kind is "variable" or "any" or "unknown"))
            {
                found.TryAdd(hint.Id!, new(StringComparer.Ordinal));
                found[hint.Id!].TryAdd(string.Join(',', arguments.Select(static argument => JsonSerializer.Serialize(argument, ReaderJson.Default.PythonHint))), arguments);
            }
        }

        foreach (PythonHint hint in program.Modules!.SelectMany(Hints).Concat(program.Classes!.SelectMany(Hints)).OfType<PythonHint>().SelectMany(Parts).Where(static hint => hint.Kind == "class"))
        {
            Add(hint, hint.Args ?? []);
        }

        // As often as classes may be derived from another.
        for (int i = 0; i < 4; i++)
        {
            foreach (PythonClass one in program.Classes!.Where(one => found.GetValueOrDefault(one.Id) is { Count: 1 }))
            {
                Dictionary<string, PythonHint> values = (one.Variables ?? []).Zip(found[one.Id].Values.Single()).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);
                foreach (PythonHint parent in one.Bases.Where(static parent => parent.Kind == "class"))
                {
                    Add(parent, [.. (parent.Args ?? []).Select(argument => argument.Kind == "variable" && values.TryGetValue(argument.Name!, out PythonHint? value) ? value : argument)]);
                }
            }
        }

        return found.Where(static entry => entry.Value.Count == 1).ToDictionary(static entry => entry.Key, static entry => entry.Value.Values.Single(), StringComparer.Ordinal);
    }

    private static bool IsValue(PythonHint? hint, Dictionary<string, PythonClass> classes, HashSet<string> seen) => hint switch
    {
        null => true,
        { Kind: "any" or "none" or "literal" or "unknown" } => true,
        { Kind: "callable" or "self" } => false,
        { Kind: "variable", Args: null or [] } => true,
        { Kind: "name" } when !HintMapper.IsValue(hint.Name!) => false,
        { Kind: "class" } => classes.TryGetValue(hint.Id!, out PythonClass? one)
            && one.Kind is "enum" or "dataclass" or "typeddict" or "namedtuple" or "model" && (!seen.Add(one.Id) || one.Fields.All(field => IsValue(field.Hint, classes, seen))),
        _ => hint.Args?.All(argument => IsValue(argument, classes, seen)) ?? true,
    };

    private static PythonClass AsObject(PythonClass one)
    {
        PythonParameter[] parameters = [.. one.Fields.Select(static field => new PythonParameter(field.Name, "normal", field.Hint, field.Required ? null : field.Default ?? new PythonDefault("other", "...")))];
        var constructor = new PythonFunction("__init__", "function", parameters, null, [], one.Doc, "instance");
        return one with
        {
            Kind = "object",
            Constructor = one.Constructor ?? constructor,
            Properties = [.. one.Fields.Select(field => new PythonAttribute(field.Name, field.Hint, one.Kind != "namedtuple", null)), .. one.Properties],
            Fields = [],
        };
    }

    private static IEnumerable<PythonHint?> Hints(PythonModule module) => module.Functions.SelectMany(Hints).Concat(module.Constants.Select(static constant => constant.Hint));

    private static IEnumerable<PythonHint?> Hints(PythonClass one) =>
        one.Methods.Concat(one.Constructor is null ? [] : [one.Constructor]).SelectMany(Hints)
            .Concat(one.Properties.Select(static property => property.Hint)).Concat(one.Fields.Select(static field => field.Hint)).Concat(one.Bases);

    private static IEnumerable<PythonHint?> Hints(PythonFunction function) =>
        function.Parameters.Select(static parameter => parameter.Hint).Append(function.Result).Concat((function.Overloads ?? []).SelectMany(Hints));

    private static IEnumerable<PythonHint> Parts(PythonHint hint) =>
        (hint.Args ?? []).Concat(hint.Result is null ? [] : [hint.Result]).SelectMany(Parts).Prepend(hint);
}
