namespace PyAsync.Generators;

/// <summary>A C# method that Python calls.</summary>
/// <param name="PythonName">Its name in Python.</param>
/// <param name="Owner">The Python class that it is a method of; null for a function of the module.</param>
/// <param name="Self">The C# class that it is called on an object of; null for a static method.</param>
/// <param name="Call">What calls it, up to the parenthesis: <c>global::Shop.Module.SleepAsync</c>, <c>self.SleepAsync</c>.</param>
/// <param name="DisplayName">For comments: <c>Module.SleepAsync(double)</c>.</param>
/// <param name="Parameters">All parameters, those that .NET fills in too.</param>
/// <param name="Result">What it gives.</param>
/// <param name="Scheduled">Whether it starts on the backend.</param>
/// <param name="Cancel">A member of <c>CancelBehavior</c>.</param>
/// <param name="Doc">The docstring.</param>
internal sealed record FunctionModel(
    string PythonName,
    string? Owner,
    string? Self,
    string Call,
    string DisplayName,
    EquatableArray<ParameterModel> Parameters,
    ResultModel Result,
    bool Scheduled,
    string Cancel,
    string? Doc)
{
    public string QualifiedName => Owner is null ? PythonName : $"{Owner}.{PythonName}";

    public IEnumerable<ParameterModel> Arguments => Parameters.Where(static parameter => parameter.Kind == ParameterKind.Argument);

    public ParameterModel? Rest => Parameters.FirstOrDefault(static parameter => parameter.Kind == ParameterKind.Rest);

    public bool TakesToken => Parameters.Any(static parameter => parameter.Kind == ParameterKind.Token);

    public int Required => Arguments.Count(static parameter => parameter.Default is null);
}

internal enum ParameterKind
{
    /// <summary>Python passes it.</summary>
    Argument,

    /// <summary><c>params</c>: Python passes what is left.</summary>
    Rest,

    /// <summary>The CancellationToken that fires when Python cancels.</summary>
    Token,

    /// <summary>The module's IRuntime.</summary>
    Runtime,

    /// <summary>The caller's EventLoopContext.</summary>
    Context,
}

/// <param name="Name">The C# name, escaped where it has to be.</param>
/// <param name="PythonName">The name in Python.</param>
/// <param name="Kind">Where its value comes from.</param>
/// <param name="Type">Its type; of one item for the rest.</param>
/// <param name="AllowsNone">Whether <c>None</c> is null.</param>
/// <param name="Default">The default value; null if it has to be passed.</param>
internal sealed record ParameterModel(string Name, string PythonName, ParameterKind Kind, TypeModel? Type, bool AllowsNone, DefaultModel? Default)
{
    /// <summary>Whether Python passes it, and so sees it.</summary>
    public bool IsPythons => Kind is ParameterKind.Argument or ParameterKind.Rest;
}

/// <summary>A default value in both languages.</summary>
/// <param name="CSharp">The expression that gives it in C#.</param>
/// <param name="Python">The literal that stands for it in Python.</param>
/// <param name="IsStandIn">Whether it has no literal, and <c>None</c>, which the type has no such value for, stands for it.</param>
internal sealed record DefaultModel(string CSharp, string Python, bool IsStandIn = false);

internal enum ResultKind
{
    Nothing,
    Value,
    Task,
    Stream,

    /// <summary>A constructor: the object that Python's <c>self</c> is to stand for.</summary>
    Self,
}

/// <param name="Kind">What the method gives.</param>
/// <param name="Type">The type of its value, of the Task's, of the stream's items; null for none.</param>
/// <param name="IsValueTask">Whether it is awaited as a ValueTask.</param>
internal sealed record ResultModel(ResultKind Kind, TypeModel? Type, bool IsValueTask = false);

/// <summary>A type that crosses the border.</summary>
/// <param name="CSharp">Its full name in C#.</param>
/// <param name="Converter">The expression that gives its converter.</param>
/// <param name="Python">Its name in Python: <c>list[int]</c>.</param>
internal sealed record TypeModel(string CSharp, string Converter, string Python);
