namespace PyAsync.Tool.Binding.Mapping;

/// <summary>A C# type for a hint.</summary>
/// <param name="Name">Its text, without the mark for null.</param>
internal sealed record CSharpType(string Name)
{
    public static readonly CSharpType Void = new("void");

    /// <summary>Gets a value that indicates whether null is possible.</summary>
    public bool IsNullable { get; init; }

    public bool IsValueType { get; init; }

    /// <summary>Gets a value that indicates whether it is an interface: the language has no conversion operators from interfaces.</summary>
    public bool IsInterface { get; init; }

    /// <summary>Gets the reason why the type, or a part of it, is <c>PyObject</c>; null if none is.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets what the type does not show: the values of a Literal, the alternatives of a union.</summary>
    public string? Note { get; init; }

    /// <summary>Gets the alternatives of a union, if the type is <c>object</c> because there are several.</summary>
    public IReadOnlyList<CSharpType> Alternatives { get; init; } = [];

    public bool IsVoid => Name == "void";

    /// <summary>Gets the text as it is written.</summary>
    public string Text => IsNullable ? Name + "?" : Name;

    public static CSharpType PyObject(string reason) => new("PyObject") { Reason = reason };

    public static CSharpType Object(string? note = null) => new("object") { IsNullable = true, Note = note };
}
