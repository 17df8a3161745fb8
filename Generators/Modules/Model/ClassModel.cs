namespace PyAsync.Generators.Modules.Model;

/// <summary>The data of a class marked <c>[PyClass]</c> on which the generated code depends.</summary>
/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpName">Its full name in C#.</param>
/// <param name="ModuleName">The full C# name of the module class that it is nested in; null if it is not in any.</param>
/// <param name="BaseName">The full C# name of its base, if that is also a Python class.</param>
/// <param name="BasePythonName">The name of that base in Python.</param>
/// <param name="IsSealed">True if Python code may not derive from it.</param>
/// <param name="Doc">The docstring.</param>
/// <param name="Constructor">The method that creates its objects; null if Python code may not create them.</param>
/// <param name="Methods">Its methods.</param>
/// <param name="Properties">Its properties.</param>
/// <param name="Abilities">The protocols that its interfaces support.</param>
/// <param name="PlainBases">The full C# names of its bases that are not Python classes, and whose members are added to it.</param>
/// <param name="Location">Its location in the source.</param>
/// <param name="Problems">The errors in it.</param>
internal sealed record ClassModel(
    string PythonName,
    string CSharpName,
    string? ModuleName,
    string? BaseName,
    string? BasePythonName,
    bool IsSealed,
    string? Doc,
    FunctionModel? Constructor,
    EquatableArray<FunctionModel> Methods,
    EquatableArray<PropertyModel> Properties,
    ClassAbilities Abilities,
    EquatableArray<string> PlainBases,
    LocationInfo? Location,
    EquatableArray<DiagnosticInfo> Problems)
{
    /// <summary>Gets the types in the signatures of its members.</summary>
    public IEnumerable<TypeModel> Types => new[] { Constructor }.OfType<FunctionModel>().Concat(Methods).SelectMany(static method => method.Types)
        .Concat(Properties.Select(static property => property.Type)).Concat(new[] { Abilities.AsyncIterable }.OfType<TypeModel>());

    public ClassEntry Entry => new(PythonName, CSharpName, IsSealed, IsAbstract: Constructor is null, Doc);
}

/// <summary>The data on which the code of its module depends.</summary>
internal sealed record ClassEntry(string PythonName, string CSharpName, bool IsSealed, bool IsAbstract, string? Doc)
{
    /// <summary>Gets the name of the class with its code.</summary>
    public string EmittedName => PythonName + "Class";
}

/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpName">Its name in C#.</param>
/// <param name="Type">Its type.</param>
/// <param name="AllowsNone">True if <c>None</c> is null.</param>
/// <param name="CanWrite">True if it can be written.</param>
/// <param name="Doc">The docstring.</param>
internal sealed record PropertyModel(string PythonName, string CSharpName, TypeModel Type, bool AllowsNone, bool CanWrite, string? Doc)
{
    /// <summary>Gets the name of the method that reads it, which no other method's name can equal.</summary>
    public string GetterName => PythonName + "__get";

    /// <inheritdoc cref="GetterName"/>
    public string SetterName => PythonName + "__set";
}

/// <param name="AsyncEnter">True to generate an <c>__aenter__</c> that returns the object itself.</param>
/// <param name="AsyncExit">True to generate an <c>__aexit__</c> that disposes the object.</param>
/// <param name="Enter">True to generate an <c>__enter__</c> that returns the object itself.</param>
/// <param name="Exit">True to generate an <c>__exit__</c> that disposes the object.</param>
/// <param name="AsyncIterable">The type of the items of <c>async for</c>; null for none.</param>
/// <param name="AsyncIterator">True if it has an <c>__anext__</c>, but no method that makes it its own iterator.</param>
/// <param name="Text">True if it overrides <c>ToString</c>.</param>
internal sealed record ClassAbilities(bool AsyncEnter, bool AsyncExit, bool Enter, bool Exit, TypeModel? AsyncIterable, bool AsyncIterator, bool Text);
