namespace PyAsync.Lifetime;

/// <summary>Lists the work that was still running when a runtime's time for its end was over, for the log.</summary>
internal sealed class LateWork
{
    /// <summary>The maximum number of names: enough to find the cause; thousands would hide it.</summary>
    private const int MaximumNames = 10;

    private readonly List<(int Count, string Kind, string[] Names)> _kinds = [];

    /// <summary>True if no work was running.</summary>
    public bool IsEmpty => _kinds.Count == 0;

    /// <summary>True if something blocks the loop's thread.</summary>
    public bool IsBlocked { get; private init; }

    /// <summary>Begins a list with the loop, if something blocks its thread.</summary>
    public static LateWork Of(string runtime, bool isBlocked)
    {
        var late = new LateWork { IsBlocked = isBlocked };
        return isBlocked ? late.Add("blocked event loop", "blocked event loops", [runtime]) : late;
    }

    /// <summary>Adds a kind of work.</summary>
    /// <param name="one">The noun for one.</param>
    /// <param name="several">The noun for several.</param>
    /// <param name="names">The name of each.</param>
    public LateWork Add(string one, string several, string[] names)
    {
        if (names.Length > 0)
        {
            _kinds.Add((names.Length, names.Length == 1 ? one : several, names));
        }

        return this;
    }

    /// <summary>Adds a kind of work whose number alone is known.</summary>
    public LateWork Add(string one, string several, int count)
    {
        if (count > 0)
        {
            _kinds.Add((count, count == 1 ? one : several, []));
        }

        return this;
    }

    /// <summary>Adds all entries of another list.</summary>
    public LateWork Add(LateWork other)
    {
        _kinds.AddRange(other._kinds);
        return this;
    }

    public override string ToString() => IsEmpty ? "nothing" : string.Join("; ", _kinds.ConvertAll(Describe));

    private static string Describe((int Count, string Kind, string[] Names) kind)
    {
        string names = string.Join(", ", kind.Names, 0, Math.Min(kind.Names.Length, MaximumNames));
        string more = kind.Names.Length > MaximumNames ? $" and {kind.Names.Length - MaximumNames} more" : "";
        return kind.Names.Length == 0 ? $"{kind.Count} {kind.Kind}" : $"{kind.Count} {kind.Kind}: {names}{more}";
    }
}
