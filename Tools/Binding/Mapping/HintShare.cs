namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Counts the members by their hints: functions, methods, constructors, properties and fields.</summary>
internal sealed class HintShare
{
    /// <summary>Gets the number of members whose hints are complete and contain no <c>Any</c>.</summary>
    public int Complete { get; private set; }

    /// <summary>Gets the number of those that C# has without <c>PyObject</c>.</summary>
    public int Typed { get; private set; }

    /// <summary>Gets the number of members with some hints missing, or with <c>Any</c>.</summary>
    public int Partial { get; private set; }

    /// <summary>Gets the number of members that have no hint.</summary>
    public int Without { get; private set; }

    public int All => Complete + Partial + Without;

    /// <summary>Adds a member.</summary>
    /// <param name="hints">The hints of its parameters and its result.</param>
    /// <param name="isTyped">True if C# has it without <c>PyObject</c>.</param>
    public void Add(IEnumerable<PythonHint?> hints, bool isTyped)
    {
        PythonHint?[] all = [.. hints];
        if (all.Length > 0 && all.All(static hint => hint is null))
        {
            Without++;
        }
        else if (all.Any(static hint => hint is null || HasAny(hint)))
        {
            Partial++;
        }
        else
        {
            Complete++;
            Typed += isTyped ? 1 : 0;
        }
    }

    private static bool HasAny(PythonHint hint) =>
        hint.Kind == "any" || (hint.Args?.Any(HasAny) ?? false) || (hint.Result is not null && HasAny(hint.Result));
}
