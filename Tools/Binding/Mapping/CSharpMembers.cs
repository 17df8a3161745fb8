namespace PyAsync.Tool.Binding.Mapping;

/// <summary>A method of an interface.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PythonName">The argument of its <c>[PyName]</c>, or null if the name follows from the rule.</param>
/// <param name="Returns">The type that it returns.</param>
/// <param name="Parameters">The parameters.</param>
/// <param name="Doc">The documentation.</param>
/// <param name="Comments">Comments above it: the reasons for each <c>PyObject</c>.</param>
internal sealed record CSharpMethod(
    string Name, string? PythonName, string Returns, IReadOnlyList<CSharpParameter> Parameters, PythonDoc? Doc, IReadOnlyList<string> Comments)
{
    /// <summary>Gets what the compiler compares: the name, and the types without their marks for null.</summary>
    public string Key => $"{Name}({string.Join(',', Parameters.Select(static parameter => parameter.Type.Replace("?", "", StringComparison.Ordinal)))})";
}

/// <summary>A parameter of a method, a delegate or a record.</summary>
/// <param name="Attributes">Its attributes and <c>params</c>, each with a blank after it.</param>
/// <param name="Type">Its type.</param>
/// <param name="Name">Its name, with the mark of a keyword.</param>
/// <param name="Default">The default value, or null.</param>
/// <param name="PythonName">The name in Python.</param>
/// <param name="Note">A remark on details that the type does not show.</param>
internal sealed record CSharpParameter(string Attributes, string Type, string Name, string? Default, string PythonName, string? Note)
{
    public override string ToString() => $"{Attributes}{Type} {Name}{(Default is null ? "" : $" = {Default}")}";
}

/// <summary>A property of an interface.</summary>
internal sealed record CSharpProperty(string Name, string? PythonName, string Type, bool IsSettable, PythonDoc? Doc, IReadOnlyList<string> Comments);

/// <summary>An interface: a module, or a class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bases">The interfaces that it extends.</param>
internal sealed record CSharpInterface(string Name, List<string> Bases)
{
    public List<CSharpProperty> Properties { get; } = [];

    public List<CSharpMethod> Methods { get; } = [];

    /// <summary>Gets the key's and the value's type of the indexer, or null if there is none.</summary>
    public (string Key, string Value, bool IsSettable)? Indexer { get; set; }

    /// <summary>Gets the type that the class's context manager gives, or null if it is none.</summary>
    public string? Scope { get; set; }

    /// <summary>Gets all members, inherited ones included: names of properties, and keys of methods.</summary>
    public HashSet<string> Members { get; } = new(StringComparer.Ordinal);
}
