namespace PyAsync;

/// <summary>
/// Makes a record, a class or a struct convertible to Python and back. Its members are the parameters of its constructor and its properties with a setter,
/// under their names in Python's style: <c>MaxCount</c> is <c>max_count</c>. <c>[PyName]</c> and <c>[JsonPropertyName]</c> set another name,
/// <c>[JsonIgnore]</c> and <c>[PyIgnore]</c> exclude a property.
/// </summary>
/// <remarks>
/// <para>In Python a record is a <c>dict</c>, or an object of <see cref="PythonClass"/>. It is read from a <c>dict</c>, from another mapping, and from any
/// object with the attributes: a data class, a named tuple, a pydantic model.</para>
/// <para>A field is required, unless its parameter has a default value, or its property is not <c>required</c>: then the record keeps the value that its
/// constructor gives it. A missing field is a <c>PythonTypeErrorException</c> that names the record, the member and the Python type.</para>
/// <para>The converter is generated, needs no reflection, and is found by <c>PyConvert.Record</c>, by the short forms
/// (<c>CallAsync&lt;Order&gt;</c>, <c>As&lt;List&lt;Order&gt;&gt;()</c>) and in the signatures of modules.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class PyRecordAttribute : Attribute
{
    /// <summary>Gets or sets the Python class that the record becomes: it is called with the fields as keyword arguments.</summary>
    /// <value>The class as <c>module:Class</c>, <c>package.module:Outer.Class</c>. Default null: the record becomes a <c>dict</c>.</value>
    public string? PythonClass { get; set; }

    /// <summary>Gets or sets what happens to fields of a Python value that the record does not have.</summary>
    /// <value>Default <see cref="PyUnknownFields.Ignore"/>.</value>
    public PyUnknownFields UnknownFields { get; set; }

    /// <summary>Gets or sets a value that indicates whether members whose value is null are left out in Python, rather than <c>None</c>.</summary>
    /// <value>Default false.</value>
    public bool OmitNull { get; set; }
}
