namespace PyAsync;

/// <summary>Specifies the form of an enum's members in Python.</summary>
public enum PyEnumForm
{
    /// <summary>A member is its number: an <c>int</c>.</summary>
    Value,

    /// <summary>A member is its text: a <c>str</c>.</summary>
    Name,
}
