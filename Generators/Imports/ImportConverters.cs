namespace PyAsync.Generators.Imports;

/// <summary>
/// The converters that the code of an interface uses: simple ones by their names, composed ones created once and kept in a static field. Those that need the runtime are kept in the
/// instance, and created at the first use.
/// </summary>
internal sealed class ImportConverters
{
    private readonly ConverterFields _static = new();

    // The expression of a converter → its type and the name of its field.
    private readonly Dictionary<string, (string Type, string Field)> _ofInstance = [];

    /// <summary>Gets the expression for a type's converter.</summary>
    public string Use(TypeModel type) => type.NeedsRuntime ? UseOfInstance(type.CSharp, type.Converter) : _static.Use(type);

    /// <summary>Gets the expression for a type's converter whose errors name the member.</summary>
    /// <param name="kind">The method of <c>TypedConvert</c>.</param>
    /// <param name="type">The type.</param>
    /// <param name="function">The function's name in Python.</param>
    /// <param name="member">The member of the interface.</param>
    public string UseNamed(string kind, TypeModel type, string function, string member)
    {
        string converter = $"TypedConvert.{kind}({type.Converter}, {SourceWriter.Literal(function)}, {SourceWriter.Literal(member)})";
        return Use(type with { Converter = converter });
    }

    public void Emit(SourceWriter writer)
    {
        _static.Emit(writer);
        foreach ((string type, string field) in _ofInstance.Values)
        {
            writer.Line($"private PyConverter<{type}>? {field};");
        }

        if (_ofInstance.Count > 0)
        {
            writer.Line();
        }
    }

    private string UseOfInstance(string type, string converter)
    {
        if (!_ofInstance.TryGetValue(converter, out (string Type, string Field) known))
        {
            known = (type, $"_converter{_ofInstance.Count}");
            _ofInstance[converter] = known;
        }

        return $"({known.Field} ??= {converter})";
    }
}
