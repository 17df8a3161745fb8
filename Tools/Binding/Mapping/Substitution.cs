namespace PyAsync.Tool.Binding.Mapping;

/// <summary>Type variables with the hints that stand for them, while the members of a generic class are mapped.</summary>
internal readonly struct Substitution : IDisposable
{
    private readonly Dictionary<string, PythonHint> _all;
    private readonly Dictionary<string, PythonHint> _before;

    public Substitution(Dictionary<string, PythonHint> all, string[] variables, PythonHint[] hints)
    {
        _all = all;
        _before = new Dictionary<string, PythonHint>(all, StringComparer.Ordinal);
        foreach ((string variable, PythonHint hint) in variables.Zip(hints))
        {
            all[variable] = hint.Kind == "variable" && _before.TryGetValue(hint.Name!, out PythonHint? outer) ? outer : hint;
        }
    }

    public void Dispose()
    {
        _all.Clear();
        foreach ((string variable, PythonHint hint) in _before)
        {
            _all.Add(variable, hint);
        }
    }
}
