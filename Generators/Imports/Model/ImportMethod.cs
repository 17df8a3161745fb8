namespace PyAsync.Generators.Imports.Model;

/// <summary>A method of an interface, which calls a function in Python.</summary>
/// <param name="Interface">The full name of the interface that declares it.</param>
/// <param name="Name">Its name in C#.</param>
/// <param name="PythonName">The function's name.</param>
/// <param name="Display">Its name for messages: <c>IWeather.ForecastAsync</c>.</param>
/// <param name="Declared">Its return type as declared.</param>
/// <param name="Result">Its result.</param>
/// <param name="Parameters">The parameters.</param>
internal sealed record ImportMethod(
    string Interface, string Name, string PythonName, string Display, string Declared, ResultModel Result, EquatableArray<ImportParameter> Parameters)
{
    /// <summary>Gets the type of the value that entering gives, for the method that enters the object (<c>async with</c>); null for others.</summary>
    public TypeModel? Entered { get; init; }

    /// <summary>Gets the type parameter of that method; null for none.</summary>
    public string? TypeParameter { get; init; }

    /// <summary>Gets the arguments that Python sees, in the order in which they are passed.</summary>
    public IEnumerable<ImportParameter> Arguments =>
        Parameters.Where(static parameter => parameter.Kind != ImportParameterKind.Token).OrderBy(static parameter => parameter.Kind);

    public ImportParameter? Token => Parameters.FirstOrDefault(static parameter => parameter.Kind == ImportParameterKind.Token);

    public ImportParameter? Rest => Parameters.FirstOrDefault(static parameter => parameter.Kind == ImportParameterKind.Rest);
}

/// <summary>The way in which an argument is passed, in Python's order.</summary>
internal enum ImportParameterKind
{
    /// <summary>By position only.</summary>
    Positional,

    /// <summary>By position, or by keyword after an omitted one.</summary>
    Ordinary,

    /// <summary><c>*args</c>.</summary>
    Rest,

    /// <summary>By keyword only.</summary>
    Keyword,

    /// <summary><c>**kwargs</c>.</summary>
    Keywords,

    /// <summary>The token, which Python does not see.</summary>
    Token,
}

/// <param name="Index">Its position in C#.</param>
/// <param name="PythonName">Its name in Python.</param>
/// <param name="Kind">The way in which it is passed.</param>
/// <param name="Declared">Its type as declared.</param>
/// <param name="Type">The type of its value, or of one item; null for the token.</param>
/// <param name="Default">The default value in C#; null for none.</param>
/// <param name="IsOptional">True for a <c>PyOptional</c>.</param>
/// <param name="IsObject">True for a Python object or a proxy.</param>
internal sealed record ImportParameter(int Index, string PythonName, ImportParameterKind Kind, string Declared, TypeModel? Type, string? Default, bool IsOptional, bool IsObject)
{
    /// <summary>Gets the name of the variable in the generated code.</summary>
    public string Variable => $"a{Index}";

    /// <summary>True if it may be omitted.</summary>
    public bool CanBeOmitted => IsOptional || Default is not null;
}
