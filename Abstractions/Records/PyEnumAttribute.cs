namespace PyAsync;

/// <summary>
/// Sets how an enum is converted to Python and back. Without the attribute, it is converted by <see cref="PyEnumForm.Value"/>.
/// </summary>
/// <remarks>
/// The text of a member is its <c>[PyName]</c>, else its <c>[JsonStringEnumMemberName]</c>, else its name in Python's style: <c>DarkRed</c> is
/// <c>DARK_RED</c>. A member of any Python <c>Enum</c> is accepted too: by its value, or, for <see cref="PyEnumForm.Name"/>, by its name.
/// </remarks>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class PyEnumAttribute : Attribute
{
    /// <summary>Converts the enum as given by <paramref name="form"/>.</summary>
    /// <param name="form">The form of a member in Python.</param>
    public PyEnumAttribute(PyEnumForm form = PyEnumForm.Value) => Form = form;

    /// <summary>Gets the form of a member in Python.</summary>
    /// <value>Default <see cref="PyEnumForm.Value"/>.</value>
    public PyEnumForm Form { get; }

    /// <summary>Gets or sets the Python class whose members the members become.</summary>
    /// <value>The class as <c>module:Class</c>. Default null: a member becomes an <c>int</c> or a <c>str</c>.</value>
    public string? PythonClass { get; set; }
}
