namespace PyAsync;

/// <summary>Specifies what happens to fields of a Python value that a record does not have.</summary>
public enum PyUnknownFields
{
    /// <summary>They are ignored.</summary>
    Ignore,

    /// <summary>
    /// The value is refused, with a <c>PythonTypeErrorException</c> that names the field. Of an object, the fields are those of its data class or named tuple,
    /// or its attributes without a leading underscore.
    /// </summary>
    Refuse,
}
