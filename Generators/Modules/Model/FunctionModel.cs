namespace PyAsync.Generators.Modules.Model;

/// <summary>A C# method that Python calls.</summary>
/// <param name="PythonName">Its name in Python.</param>
/// <param name="Owner">The Python class that it is a method of; null for a function of the module.</param>
/// <param name="Self">The C# class of the object that it is called on; null for a static method.</param>
/// <param name="Call">The expression that calls it, up to the parenthesis: <c>global::Shop.Module.SleepAsync</c>, <c>self.SleepAsync</c>.</param>
/// <param name="DisplayName">Its name for comments: <c>Module.SleepAsync(double)</c>.</param>
/// <param name="Parameters">All parameters, also those that .NET supplies.</param>
/// <param name="Result">Its result.</param>
/// <param name="Scheduled">True if it starts on the backend.</param>
/// <param name="IsCoroutine">True if a call returns a coroutine, which starts the method when it is awaited.</param>
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
    bool IsCoroutine,
    string Cancel,
    string? Doc)
{
    public string QualifiedName => Owner is null ? PythonName : $"{Owner}.{PythonName}";

    public IEnumerable<ParameterModel> Arguments => Parameters.Where(static parameter => parameter.Kind == ParameterKind.Argument);

    public ParameterModel? Rest => Parameters.FirstOrDefault(static parameter => parameter.Kind == ParameterKind.Rest);

    /// <summary>Gets the types in its signature.</summary>
    public IEnumerable<TypeModel> Types => Parameters.Select(static parameter => parameter.Type).Append(Result.Type).OfType<TypeModel>();

    public bool TakesToken => Parameters.Any(static parameter => parameter.Kind == ParameterKind.Token);

    public int Required => Arguments.Count(static parameter => parameter.Default is null);
}

internal enum ParameterKind
{
    /// <summary>An argument that Python passes.</summary>
    Argument,

    /// <summary><c>params</c>: the remaining arguments that Python passes.</summary>
    Rest,

    /// <summary>The CancellationToken that fires when Python cancels.</summary>
    Token,

    /// <summary>The module's IRuntime.</summary>
    Runtime,

    /// <summary>The caller's EventLoopContext.</summary>
    Context,
}

/// <param name="Name">The C# name, escaped if necessary.</param>
/// <param name="PythonName">The name in Python.</param>
/// <param name="Kind">The source of its value.</param>
/// <param name="Type">Its type; for the rest, that of one item.</param>
/// <param name="AllowsNone">True if <c>None</c> is null.</param>
/// <param name="Default">The default value; null if the argument is required.</param>
internal sealed record ParameterModel(string Name, string PythonName, ParameterKind Kind, TypeModel? Type, bool AllowsNone, DefaultModel? Default)
{
    /// <summary>True if Python passes it, and so sees it.</summary>
    public bool IsPythons => Kind is ParameterKind.Argument or ParameterKind.Rest;
}

/// <summary>A default value in both languages.</summary>
/// <param name="CSharp">Its expression in C#.</param>
/// <param name="Python">Its literal in Python.</param>
/// <param name="IsStandIn">True if it has no literal in Python: <c>None</c>, which is not a value of the type, stands for it.</param>
internal sealed record DefaultModel(string CSharp, string Python, bool IsStandIn = false)
{
    /// <summary>Gets its text in a stub.</summary>
    public string Stub { get; init; } = Python;
}

internal enum ResultKind
{
    Nothing,
    Value,
    Task,
    Stream,

    /// <summary>A constructor: its object is bound to Python's <c>self</c>.</summary>
    Self,
}

/// <param name="Kind">The kind of the result.</param>
/// <param name="Type">The type of the value, of the Task's value, or of the stream's items; null for none.</param>
/// <param name="IsValueTask">True if it is a ValueTask.</param>
internal sealed record ResultModel(ResultKind Kind, TypeModel? Type, bool IsValueTask = false);

/// <summary>A type that can be converted.</summary>
/// <param name="CSharp">Its full name in C#.</param>
/// <param name="Converter">The expression for its converter.</param>
/// <param name="Python">Its name in Python: <c>list[int]</c>.</param>
internal sealed record TypeModel(string CSharp, string Converter, string Python)
{
    /// <summary>Gets the enums in it.</summary>
    public EquatableArray<EnumModel> Enums { get; init; }

    /// <summary>True if the expression for the converter uses a variable <c>Runtime</c>.</summary>
    public bool NeedsRuntime { get; init; }
}
