namespace PyAsync.Tool.Binding.Mapping;

/// <summary>The direction in which the value of a hint crosses.</summary>
internal enum Place
{
    /// <summary>From C# to Python: a parameter.</summary>
    Parameter,

    /// <summary>From Python to C#: a result, a property, the parameter of a callback.</summary>
    Result,

    /// <summary>Both, without a runtime: the field of a record.</summary>
    Field,
}
