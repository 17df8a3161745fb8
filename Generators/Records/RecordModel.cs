namespace PyAsync.Generators.Records;

/// <summary>The data of a type marked <c>[PyRecord]</c> on which the generated code depends.</summary>
/// <param name="CSharpName">Its full name in C#.</param>
/// <param name="IsValueType">True for a struct.</param>
/// <param name="PythonClass">The Python class that it becomes; null for a dict.</param>
/// <param name="RefusesUnknown">True if unknown fields are refused.</param>
/// <param name="OmitsNull">True if members whose value is null are left out.</param>
/// <param name="Members">Its members: first the parameters of the constructor, in their order.</param>
/// <param name="Location">Its location in the source.</param>
/// <param name="Problems">The errors in it.</param>
internal sealed record RecordModel(
    string CSharpName,
    bool IsValueType,
    string? PythonClass,
    bool RefusesUnknown,
    bool OmitsNull,
    EquatableArray<RecordMember> Members,
    LocationInfo? Location,
    EquatableArray<DiagnosticInfo> Problems) : IMarkedType
{
    /// <summary>Gets the name of the generated class, which is unique in the project.</summary>
    public string EmittedName => EmittedNames.Of(CSharpName, "Record");
}

internal enum MemberRole
{
    /// <summary>A parameter of the constructor.</summary>
    Parameter,

    /// <summary>A property that an object initialiser has to set.</summary>
    Required,

    /// <summary>A property that is set afterwards, if there is such a field.</summary>
    Optional,

    /// <summary>An optional property with <c>init</c>, which is set by its accessor.</summary>
    OptionalInit,
}

/// <param name="PythonName">The name of the field.</param>
/// <param name="CSharpName">The name of the property, escaped if necessary.</param>
/// <param name="DeclaringType">The full name of the type that declares the property.</param>
/// <param name="Role">The way in which the member is set.</param>
/// <param name="Type">Its type; nullable if it may be null.</param>
/// <param name="IsObject">True for a Python object or a view of one, which the record owns.</param>
/// <param name="Default">The expression of a parameter's default value; null if it is required.</param>
internal sealed record RecordMember(string PythonName, string CSharpName, string DeclaringType, MemberRole Role, TypeModel Type, bool IsObject, string? Default);

/// <summary>The data of an enum marked <c>[PyEnum]</c>.</summary>
/// <param name="CSharpName">Its full name in C#.</param>
/// <param name="IsByName">True if a member is its text in Python.</param>
/// <param name="PythonClass">The Python class whose members it becomes; null for none.</param>
/// <param name="Members">Its members.</param>
/// <param name="Problems">The errors in it.</param>
internal sealed record EnumFormModel(string CSharpName, bool IsByName, string? PythonClass, EquatableArray<EnumFormMember> Members, EquatableArray<DiagnosticInfo> Problems) : IMarkedType
{
    /// <inheritdoc cref="RecordModel.EmittedName"/>
    public string EmittedName => EmittedNames.Of(CSharpName, "Enum");
}

/// <param name="CSharpName">Its name in C#, escaped if necessary.</param>
/// <param name="Text">Its text in Python.</param>
/// <param name="PythonName">Its name in a Python Enum.</param>
internal sealed record EnumFormMember(string CSharpName, string Text, string PythonName);
