namespace PyAsync.Generators;

/// <summary>A class marked <c>[PyClass]</c>, as far as the generated code depends on it.</summary>
/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpName">Its full name in C#.</param>
/// <param name="ModuleName">The full C# name of the module class that it is nested in; null if it is not in any.</param>
/// <param name="BaseName">The full C# name of its base, if that is a Python class too.</param>
/// <param name="BasePythonName">That base's name in Python.</param>
/// <param name="IsSealed">Whether Python may not derive from it.</param>
/// <param name="Doc">The docstring.</param>
/// <param name="Constructor">What makes its objects; null if Python may not.</param>
/// <param name="Methods">Its methods.</param>
/// <param name="Properties">Its properties.</param>
/// <param name="Abilities">What its interfaces make it able to do.</param>
/// <param name="PlainBases">The full C# names of its bases that are no Python classes, and whose members are its own.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Problems">What is wrong with it.</param>
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
    public ClassEntry Entry => new(PythonName, CSharpName, IsSealed, IsAbstract: Constructor is null, Doc);
}

/// <summary>What the code of its module depends on.</summary>
internal sealed record ClassEntry(string PythonName, string CSharpName, bool IsSealed, bool IsAbstract, string? Doc)
{
    /// <summary>The class that its code is in.</summary>
    public string EmittedName => PythonName + "Class";
}

/// <param name="PythonName">Its name in Python.</param>
/// <param name="CSharpName">Its name in C#.</param>
/// <param name="Type">Its type.</param>
/// <param name="AllowsNone">Whether <c>None</c> is null.</param>
/// <param name="CanWrite">Whether it can be written.</param>
/// <param name="Doc">The docstring.</param>
internal sealed record PropertyModel(string PythonName, string CSharpName, TypeModel Type, bool AllowsNone, bool CanWrite, string? Doc)
{
    /// <summary>The method that reads it: a name that no method's own becomes.</summary>
    public string GetterName => PythonName + "__get";

    /// <inheritdoc cref="GetterName"/>
    public string SetterName => PythonName + "__set";
}

/// <param name="AsyncEnter">Has an <c>__aenter__</c> that gives itself.</param>
/// <param name="AsyncExit">Has an <c>__aexit__</c> that disposes it.</param>
/// <param name="Enter">Has an <c>__enter__</c> that gives itself.</param>
/// <param name="Exit">Has an <c>__exit__</c> that disposes it.</param>
/// <param name="AsyncIterable">The type of the items that <c>async for</c> gives; null for none.</param>
/// <param name="AsyncIterator">Has an <c>__anext__</c> and nothing that makes it one's own iterator.</param>
/// <param name="Text">Has a <c>ToString</c> of its own.</param>
internal sealed record ClassAbilities(bool AsyncEnter, bool AsyncExit, bool Enter, bool Exit, TypeModel? AsyncIterable, bool AsyncIterator, bool Text);
